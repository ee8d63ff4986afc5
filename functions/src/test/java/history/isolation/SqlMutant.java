package history.isolation;

import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A database with one guard removed.
 *
 * @param name what is missing
 * @param block where the table should notice; empty where only the catalogue can tell, since nobody behaves differently
 * @param sql what removes it
 */
record SqlMutant(String name, String block, String sql) {
    private static final String POLICIES = """
            select schemaname, tablename, policyname, cmd, qual, with_check from pg_policies
            where schemaname = 'public' and tablename in ('conversations', 'messages')
               or schemaname = 'history' and tablename = 'quarantine'
            order by 1, 2, 3
            """;

    private static final String OF_USER = "user_id = (select history.user_id())";
    private static final String OF_TENANT = "tenant_id = any (array(select history.my_tenants()))";

    static List<SqlMutant> all(PostgresDatabase database) throws SQLException {
        List<SqlMutant> mutants = new ArrayList<>(policies(database));
        for (var table : List.of("conversations", "messages")) {
            mutants.addAll(halves(table));
            mutants.add(new SqlMutant(
                    "row level security of " + table,
                    table,
                    "alter table public." + table + " disable row level security"));
            mutants.add(new SqlMutant(
                    "FORCE of " + table, "", "alter table public." + table + " no force row level security"));
            mutants.add(new SqlMutant(
                    "another policy, for everybody, on " + table,
                    table,
                    "create policy more on public." + table + " using (true)"));
            mutants.add(
                    new SqlMutant("anon may select " + table, table, "grant select on public." + table + " to anon"));
            mutants.add(new SqlMutant(
                    "own_select of " + table + " is for every role",
                    table,
                    "alter policy own_select on public." + table + " to public"));
        }
        mutants.add(new SqlMutant(
                "row level security of quarantine",
                "history.quarantine",
                "alter table history.quarantine disable row level security"));
        mutants.add(
                new SqlMutant("FORCE of quarantine", "", "alter table history.quarantine no force row level security"));
        mutants.add(new SqlMutant(
                "the right to read quarantine",
                "history.quarantine",
                "grant select on history.quarantine to authenticated"));
        mutants.add(new SqlMutant(
                "security_invoker of chat_sessions",
                "chat_sessions",
                "alter view public.chat_sessions set (security_invoker = false)"));
        mutants.addAll(keys());
        mutants.addAll(triggers());
        mutants.addAll(FunctionMutants.of(database));
        mutants.addAll(roles());
        return mutants;
    }

    /** Every policy: without its condition, without its check, gone. */
    private static List<SqlMutant> policies(PostgresDatabase database) throws SQLException {
        List<SqlMutant> mutants = new ArrayList<>();
        try (var connection = database.connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(POLICIES)) {
            while (rows.next()) {
                var schema = rows.getString("schemaname");
                var block = (schema.equals("history") ? "history." : "") + rows.getString("tablename");
                var policy = rows.getString("policyname");
                var noticed = policy.startsWith("own_") || policy.startsWith("admin_") ? block : "";
                var target = policy + " on " + schema + "." + rows.getString("tablename");
                if (rows.getString("qual") != null) {
                    mutants.add(
                            new SqlMutant("using of " + target, noticed, "alter policy " + target + " using (true)"));
                }
                if (rows.getString("with_check") != null) {
                    mutants.add(new SqlMutant(
                            "with check of " + target, noticed, "alter policy " + target + " with check (true)"));
                }
                if (!policy.equals("maintenance")) { // lets its owner in and guards nothing
                    mutants.add(new SqlMutant(target, block, "drop policy " + target));
                }
            }
        }
        return mutants;
    }

    /** A user's own rows are those of the user and of a tenant: one half of each condition. */
    private static List<SqlMutant> halves(String table) {
        List<SqlMutant> mutants = new ArrayList<>();
        for (var command : List.of("select", "insert", "update", "delete")) {
            var policy = "alter policy own_" + command + " on public." + table;
            var condition = command.equals("insert") ? "with check" : "using";
            var also = table.equals("messages") && command.equals("insert")
                    ? " and history.owns_conversation(tenant_id, conversation_id)"
                    : "";
            mutants.add(new SqlMutant(
                    "tenant in own_" + command + " on " + table,
                    table,
                    "%s %s (%s%s)".formatted(policy, condition, OF_USER, also)));
            mutants.add(new SqlMutant(
                    "user in own_" + command + " on " + table,
                    table,
                    "%s %s (%s%s)".formatted(policy, condition, OF_TENANT, also)));
        }
        if (table.equals("messages")) {
            for (var command : List.of("insert", "update")) {
                mutants.add(new SqlMutant(
                        "owns_conversation in own_" + command,
                        table,
                        "alter policy own_%s on public.messages with check (%s and %s)"
                                .formatted(command, OF_USER, OF_TENANT)));
            }
        }
        return mutants;
    }

    private static List<SqlMutant> keys() {
        var drop = "alter table public.messages drop constraint messages_conversation_fkey;";
        return List.of(
                new SqlMutant("the foreign key", "messages", drop),
                new SqlMutant("tenant in the foreign key", "messages", drop + """
                        alter table public.messages add constraint messages_conversation_fkey
                            foreign key (conversation_id) references public.conversations (id) on delete cascade"""),
                new SqlMutant("tenant in the key of seq", "messages", """
                        alter table public.messages drop constraint messages_tenant_id_conversation_id_seq_key;
                        alter table public.messages add unique (conversation_id, seq)"""));
    }

    /** What is refused before a policy or a key is asked. */
    private static List<SqlMutant> triggers() {
        return List.of(
                without("history_1_asked", "conversations"),
                without("history_1_refused", "conversations"),
                without("history_1_array_limited", "conversations"),
                without("history_2_limited", "conversations"),
                without("history_4_owner_changed", "conversations"),
                without("history_1_inserted", "messages"),
                without("history_2_allowed", "messages"),
                without("history_3_inserted", "messages"),
                without("history_4_refused", "messages"),
                without("history_5_limited", "messages"),
                without("history_1_updated", "messages"),
                new SqlMutant(
                        "id_refused asks as its owner",
                        "messages",
                        "alter function history.id_refused() security definer"),
                new SqlMutant(
                        "the secret is for everybody",
                        "history.secret",
                        "grant select on history.secret to authenticated"));
    }

    private static SqlMutant without(String trigger, String table) {
        return new SqlMutant(trigger + " of " + table, table, "drop trigger %s on public.%s".formatted(trigger, table));
    }

    private static List<SqlMutant> roles() {
        return List.of(
                new SqlMutant("the functions' role bypasses policies", "", "alter role history_functions bypassrls"),
                new SqlMutant("the functions' role is a superuser", "", "alter role history_functions superuser"),
                new SqlMutant(
                        "the functions' role may become service_role", "", "grant service_role to history_functions"),
                new SqlMutant(
                        "the functions' role owns messages",
                        "",
                        "grant all on schema public to history_functions; alter table public.messages owner to history_functions"));
    }
}
