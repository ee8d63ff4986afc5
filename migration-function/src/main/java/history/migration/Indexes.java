package history.migration;

import java.sql.SQLException;
import java.util.List;

/** Builds indexes without keeping anybody from writing. */
record Indexes(Session session) {
    private static final String TENANT_KEY = "conversations_tenant_id_id_key";
    private static final String IS_VALID = """
            select coalesce((select indisvalid from pg_index where indexrelid = to_regclass('public.' || ?)), false)""";
    private static final List<String> LISTS =
            List.of("tenant_id, user_id, updated_at desc, id desc", "tenant_id, updated_at desc, id desc");
    private static final List<String> NAMES =
            List.of("conversations_tenant_id_user_id_updated_at_id_idx", "conversations_tenant_id_updated_at_id_idx");

    /** Before the switch, so that the key takes no time in it. */
    String tenantKey() throws SQLException {
        return build("unique index", TENANT_KEY, "public.chat_sessions (tenant_id, id)");
    }

    /** What the lists of conversations are read by. */
    String lists() throws SQLException {
        for (var i = 0; i < NAMES.size(); i++) {
            build("index", NAMES.get(i), "public.conversations (" + LISTS.get(i) + ")");
        }
        session.execute("analyze public.conversations, public.messages");
        return String.join(", ", NAMES);
    }

    private String build(String kind, String name, String on) throws SQLException {
        if (session.isTrue(IS_VALID, name)) {
            return "there already";
        }
        // It waits for every older transaction, and while it does nobody waits for it.
        session.execute("set lock_timeout = 0");
        try {
            session.execute("drop index concurrently if exists public." + name);
            session.execute("create %s concurrently %s on %s".formatted(kind, name, on));
        } finally {
            session.execute("set lock_timeout = '500ms'");
        }
        return "built " + name;
    }
}
