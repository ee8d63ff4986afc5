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
        mutants.addAll(functions(database));
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

    private static List<SqlMutant> functions(PostgresDatabase database) throws SQLException {
        var membership = " and (chosen is null or u.tenant_id = history.to_uuid(chosen))";
        List<SqlMutant> mutants = new ArrayList<>(List.of(
                changed(
                        database,
                        "nullif of app.tenant_id",
                        "conversations",
                        "chosen_tenant",
                        "nullif(current_setting('app.tenant_id', true), '')",
                        "current_setting('app.tenant_id', true)"),
                changed(database, "the choice in my_tenants", "conversations", "my_tenants", membership, ""),
                changed(
                        database,
                        "the user in my_tenants",
                        "conversations",
                        "my_tenants",
                        "u.user_id = caller and",
                        "caller is not null and"),
                changed(
                        database,
                        "the choice in my_admin_tenants",
                        "functions",
                        "my_admin_tenants",
                        "u.user_id = caller and",
                        "caller is not null and"),
                changed(
                        database,
                        "the role in my_admin_tenants",
                        "conversations",
                        "my_admin_tenants",
                        " and u.role = 'admin'",
                        ""),
                changed(
                        database,
                        "membership in current_tenant",
                        "functions",
                        "current_tenant",
                        "history.to_uuid(chosen) = any (tenants)",
                        "true"),
                changed(
                        database,
                        "the user in owns_conversation",
                        "functions",
                        "owns_conversation",
                        " and c.user_id = history.user_id()",
                        ""),
                changed(
                        database,
                        "the tenant in owns_conversation",
                        "functions",
                        "owns_conversation",
                        "c.tenant_id = tenant and",
                        ""),
                changed(
                        database,
                        "the tenant in derived_id",
                        "functions",
                        "derived_id",
                        "uuid_send(history.current_tenant()) ||",
                        ""),
                changed(
                        database,
                        "the user in derived_id",
                        "functions",
                        "derived_id",
                        "|| uuid_send(history.user_id())",
                        ""),
                changed(
                        database,
                        "the kind in derived_id",
                        "functions",
                        "derived_id",
                        "|| convert_to(kind, 'UTF8')",
                        "")));
        mutants.add(changed(
                database,
                "who may list a tenant",
                "functions",
                "list_conversations",
                "everyone and tenant <> all (array(select history.my_admin_tenants()))",
                "false"));
        mutants.add(new SqlMutant(
                "search_path of my_tenants", "functions", "alter function history.my_tenants() reset search_path"));
        mutants.add(new SqlMutant(
                "execute is for everybody", "functions", "grant execute on function history.rebuilt(uuid) to public"));
        mutants.add(new SqlMutant(
                "authenticated may call put",
                "functions",
                "grant execute on all functions in schema history to authenticated"));
        return mutants;
    }

    /** Functions that have forgotten whose rows are meant: no guard of ours, since the policies must refuse all the same. */
    static List<SqlMutant> forgetful(PostgresDatabase database) throws SQLException {
        var ofUser = " and o.user_id = me";
        return List.of(
                changed(database, "lists have no user", "functions", "list_conversations", " and c.user_id = me", ""),
                changed(
                        database,
                        "lists have no tenant",
                        "functions",
                        "list_conversations",
                        "c.tenant_id = tenant and ",
                        ""),
                changed(
                        database,
                        "reading has no tenant",
                        "functions",
                        "get_conversation",
                        "o.tenant_id = tenant and ",
                        ""),
                changed(database, "patching has no user", "functions", "patch_conversation", ofUser, ""),
                changed(database, "deleting has no user", "functions", "delete_conversation", ofUser, ""));
    }

    private static SqlMutant changed(
            PostgresDatabase database, String name, String block, String function, String guard, String instead)
            throws SQLException {
        try (var connection = database.connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select pg_get_functiondef('history.%s'::regproc)".formatted(function))) {
            rows.next();
            var definition = rows.getString(1);
            if (!definition.contains(guard)) {
                throw new IllegalStateException("history." + function + " no longer says: " + guard);
            }
            return new SqlMutant(name, block, definition.replace(guard, instead));
        }
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
