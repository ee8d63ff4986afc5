package history.migration;

import java.sql.SQLException;

/** Builds indexes without keeping anybody from writing. */
record Indexes(Session session) {
    private static final String TENANT_KEY = "conversations_tenant_id_id_key";
    private static final String IS_VALID = """
            select coalesce((select indisvalid from pg_index where indexrelid = to_regclass('public.' || ?)), false)""";
    /** Before the switch, so that the key takes no time in it. */
    String tenantKey() throws SQLException {
        return build("unique index", TENANT_KEY, "public.chat_sessions (tenant_id, id)");
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
