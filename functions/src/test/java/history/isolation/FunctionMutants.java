package history.isolation;

import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The functions of schema {@code history}, each without one of its guards. */
final class FunctionMutants {
    private static final String OWN = "o.tenant_id = tenant and o.user_id = me";

    private static final Pattern CHANGED = Pattern.compile("CREATE OR REPLACE FUNCTION history\\.(\\w+)\\(");

    /** A trigger's function is reached by whatever writes. */
    private static final String REACHING = """
            with recursive body as materialized (
                select p.proname::text as name, pg_get_functiondef(p.oid) as words, p.prorettype = 'trigger'::regtype as is_trigger
                from pg_proc p where p.pronamespace = 'history'::regnamespace and p.prokind = 'f'
            ), reaching as (
                select b.name, b.is_trigger from body b where b.name = ?
                union
                select b.name, b.is_trigger from reaching r join body b on r.is_trigger or strpos(b.words, r.name || '(') > 0
            )
            select distinct name from reaching""";

    private FunctionMutants() {}

    static List<SqlMutant> of(PostgresDatabase database) throws SQLException {
        var membership = " and (chosen is null or u.tenant_id = history.to_uuid(chosen))";
        List<SqlMutant> mutants = new ArrayList<>(List.of(
                changed(
                        database,
                        "nullif of app.tenant_id",
                        "conversations",
                        "chosen_tenant",
                        "NULLIF(current_setting('app.tenant_id'::text, true), ''::text)",
                        "current_setting('app.tenant_id'::text, true)"),
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
                changed(database, "the tenant in derived_id", "functions", "hash_of_key", "uuid_send(tenant) ||", ""),
                changed(database, "the user in derived_id", "functions", "hash_of_key", "|| uuid_send(owner)", ""),
                changed(
                        database,
                        "the kind in derived_id",
                        "functions",
                        "hash_of_key",
                        "|| convert_to(kind, 'UTF8'::name)",
                        ""),
                changed(database, "the secret in derived_id", "functions", "derived_id", "secret.value ||", "")));
        mutants.add(changed(
                database,
                "who may list a tenant",
                "functions",
                "list_conversations",
                "everyone and tenant <> all (array(select history.my_admin_tenants()))",
                "false"));
        for (var guard : List.of("(everyone or o.user_id = me) and", "everyone and tenant <> all (array(")) {
            mutants.add(changed(
                    database,
                    "labels: " + guard,
                    "functions",
                    "labelled_ids",
                    guard,
                    guard.startsWith("(") ? "" : "false and tenant <> all (array("));
        }
        for (var function : List.of("all_messages", "any_message")) {
            mutants.add(changed(
                    database,
                    "whose messages " + function + " shows",
                    "functions",
                    function,
                    "c.user_id = me or",
                    "true or"));
        }
        // These work as the owner: that they find the caller's own conversation is what guards it.
        for (var function : List.of("taken_over", "store_piece", "read_turn", "hidden_from_caller")) {
            mutants.add(
                    changed(database, "whose conversation " + function + " finds", "functions", function, OWN, "true"));
        }
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
        List<SqlMutant> mutants = new ArrayList<>();
        for (var function : List.of(
                "lock_conversation", "flush_turn", "finish_turn", "running_turn", "stop_turn", "delete_message")) {
            mutants.add(changed(database, function + " has no user and no tenant", "functions", function, OWN, "true"));
        }
        mutants.addAll(List.of(
                changed(database, "lists have no user", "functions", "page_of_list", " and o.user_id = me", ""),
                changed(database, "lists have no tenant", "functions", "page_of_list", "o.tenant_id = tenant and ", ""),
                changed(
                        database,
                        "reading has no tenant",
                        "functions",
                        "conversation_meant",
                        "o.tenant_id = tenant and ",
                        ""),
                changed(database, "patching has no user", "functions", "patch_conversation", ofUser, ""),
                changed(database, "deleting has no user", "functions", "delete_conversation", ofUser, "")));
        return mutants;
    }

    /** Which calls of functions come to the one that is changed; all of them where that is not known. */
    static Predicate<Probe> reaching(Connection superuser, SqlMutant mutant) throws SQLException {
        var changed = CHANGED.matcher(mutant.sql());
        if (!mutant.block().equals("functions") || !changed.lookingAt()) {
            return probe -> true;
        }
        try (var reaching = superuser.prepareStatement(REACHING)) {
            reaching.setString(1, changed.group(1));
            try (var rows = reaching.executeQuery()) {
                List<String> calls = new ArrayList<>();
                while (rows.next()) {
                    calls.add("history." + rows.getString(1) + "(");
                }
                return probe -> calls.stream().anyMatch(probe.sql()::contains);
            }
        }
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
}
