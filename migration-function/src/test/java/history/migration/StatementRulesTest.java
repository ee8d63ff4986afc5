package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of docs/decisions for the text of every function that a request can reach, in both editions. */
final class StatementRulesTest {
    /** What a statement of the API, a policy or a trigger can reach, and breaks a rule knowingly. */
    private static final Map<String, String> EXCEPTIONS = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "abandon_turn: a table without the tenant",
                    "works for a user who has lost the membership, so no tenant is known"),
            Map.entry("conversation_asked: a table without the tenant", "asks whether anybody has the id"),
            Map.entry("id_refused: a table without the tenant", "asks whether the caller sees the row of a taken id"),
            Map.entry("is_reserved: a table without the tenant", "asks whether anybody will have the id"),
            Map.entry(
                    "message_inserted: a table without the tenant", "finds the tenant, and whether anybody has the id"),
            Map.entry("convert: a table without the tenant", "converts the conversations of all tenants"),
            Map.entry("remember: a table without the tenant", "part of converting"),
            Map.entry("take_over: a table without the tenant", "part of converting"),
            Map.entry("restore_replaced: a table without the tenant", "part of converting"),
            Map.entry("rebuilt: a table without the tenant", "makes an array; not called once there are none"),
            Map.entry("claim_turn: a caught exception", "undoes a new conversation whose turn is refused; only there"),
            Map.entry("decoded: a caught exception", "reads an element; nothing else tells whether a text is JSON"),
            Map.entry(
                    "element_time: a caught exception",
                    "reads an element; nothing else tells whether a text is a time"),
            Map.entry(
                    "owns_conversation: volatile in a policy",
                    "sees a conversation that the same statement has made")));

    private static final String FUNCTIONS = """
            select p.proname, coalesce(pg_get_function_sqlbody(p.oid), p.prosrc), array_to_string(p.proargnames, ' '), p.provolatile,
                p.prosqlbody is not null, exists (
                    select from unnest(p.proargtypes) a(type) join pg_type t on t.oid = a.type join pg_class r on r.oid = t.typrelid
                    where r.relkind in ('r', 'p', 'v')),
                p.pronamespace = 'history'::regnamespace
            from pg_proc p
            where p.pronamespace in ('history'::regnamespace, 'pg_catalog'::regnamespace)""";

    private static final String ENTRIES = """
            select e.name from history.edition e
            union select p.proname from pg_trigger t join pg_proc p on p.oid = t.tgfoid
            where p.pronamespace = 'history'::regnamespace""";

    private static final String IN_POLICIES = """
            select distinct (regexp_matches(concat(p.qual, p.with_check), 'history\\.(\\w+)\\(', 'g'))[1] from pg_policies p
            where p.schemaname = 'public'""";

    private static final Pattern TABLE = Pattern.compile(
            "(?:from|join|update)\\s+public\\.(?:conversations|messages|chat_sessions)\\b\\s*(?:as\\s+)?(\\w+)?");
    private static final Pattern CHANGE =
            Pattern.compile("\\b(?:update|delete from)\\s+(?:public|history)\\..*?(?=\\n {4}\\)|$)", Pattern.DOTALL);
    private static final Pattern CALL = Pattern.compile("(?:\\b(history)\\.)?\\b([a-z_][a-z_0-9]*)\\s*\\(");
    private static final Pattern CALL_ON = Pattern.compile("\\bhistory\\.(\\w+)\\((?!history\\.)(\\w+)");
    private static final Pattern OVERWRITE = Pattern.compile(
            "on conflict\\s+(\\([^)]*\\)\\s*)?do (nothing|update set (.*?)(?=\\n {4}\\)|$))", Pattern.DOTALL);

    private record Function(String text, Set<String> variables, boolean hasParsedBody, boolean takesRow) {
        Stream<String> statements() {
            return Stream.of(text.split(";"));
        }
    }

    private final Map<String, Function> functions = new TreeMap<>();
    private final Map<String, String> volatility = new TreeMap<>();
    private final Set<String> inPolicies = new TreeSet<>();
    private final Set<String> broken = new TreeSet<>();

    @Test
    void everyFunctionOfARequestKeepsTheRules() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.SUPERUSER)) {
            old.succeed(Action.PREPARE);
            read(old);
            old.succeed(Action.MIGRATE);
            read(old);
        }
        assertTrue(functions.size() > 70, functions.keySet()::toString);
        functions.forEach(this::check);
        inPolicies.stream()
                .filter(name -> "v".equals(volatility.get(name)))
                .forEach(name -> broken.add(name + ": volatile in a policy"));
        assertEquals(String.join("\n", EXCEPTIONS.keySet()), String.join("\n", broken));
    }

    private void read(OldDatabase old) throws SQLException {
        var entries = new ArrayDeque<>(old.query(ENTRIES));
        inPolicies.addAll(old.query(IN_POLICIES));
        entries.addAll(inPolicies);
        var all = new TreeMap<String, Function>();
        try (var connection = old.database().connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(FUNCTIONS)) {
            while (rows.next()) {
                volatility.merge(
                        rows.getString(1), rows.getString(4), (one, other) -> one.compareTo(other) > 0 ? one : other);
                if (rows.getBoolean(7)) {
                    var text = rows.getString(2).replaceAll("--[^\n]*", "").replaceAll("'[^']*+'", "''");
                    all.put(
                            rows.getString(1),
                            new Function(
                                    text, variables(rows.getString(3), text), rows.getBoolean(5), rows.getBoolean(6)));
                }
            }
        }
        var reached = new TreeSet<String>();
        while (!entries.isEmpty()) {
            var name = entries.pop();
            if (all.containsKey(name) && reached.add(name)) {
                functions.put(name + (functions.containsKey(name) ? "'" : ""), all.get(name));
                CALL.matcher(all.get(name).text())
                        .results()
                        .filter(call -> call.group(1) != null)
                        .map(call -> call.group(2))
                        .forEach(entries::add);
            }
        }
    }

    private static Set<String> variables(String arguments, String text) {
        var declared = Pattern.compile("(?m)^\\s*(\\w+) (?:constant )?(?:record|public\\.\\w+|history\\.\\w+|uuid)\\b")
                .matcher(text)
                .results()
                .map(each -> each.group(1));
        return Stream.of(
                        Stream.of("old", "new"),
                        Stream.of(String.valueOf(arguments).split(" ")),
                        declared)
                .flatMap(each -> each)
                .collect(Collectors.toSet());
    }

    private void check(String name, Function function) {
        List<String> rules = new ArrayList<>();
        function.statements().forEach(statement -> {
            if (!comparesTheTenant(statement, function)) {
                rules.add("a table without the tenant");
            }
            CHANGE.matcher(statement)
                    .results()
                    .map(MatchResult::group)
                    .filter(this::callsWhatIsNotImmutable)
                    .forEach(each -> rules.add("a call in a change"));
            OVERWRITE
                    .matcher(statement)
                    .results()
                    .filter(each -> !isPlain(each))
                    .forEach(each -> rules.add("on conflict"));
            if (callsOnARow(statement, function)) {
                rules.add("a function of a row in a statement");
            }
            if (statement.matches("(?s).*\\b(select|from)\\b.*")
                    && statement.matches("(?s).*\\(history\\.\\w+\\(.*\\)\\)\\.\\w.*")) {
                rules.add("a field of a call");
            }
        });
        if (function.takesRow() && function.hasParsedBody()) {
            rules.add("a parsed body that holds a table");
        }
        if (function.text().matches("(?s).*\\bexception\\s+when\\b.*")) {
            rules.add("a caught exception");
        }
        if (function.text().contains("advisory")) {
            rules.add("an advisory lock");
        }
        rules.forEach(rule -> broken.add(name.replace("'", "") + ": " + rule));
    }

    private static boolean comparesTheTenant(String statement, Function function) {
        return TABLE.matcher(statement)
                .results()
                .allMatch(table -> table.group(1) != null
                        && Pattern.compile("\\b" + table.group(1) + "\\.tenant_id = (\\w+)\\b(?!\\()")
                                .matcher(statement)
                                .results()
                                .anyMatch(compared -> !compared.group(1).equals(table.group(1))
                                        && function.variables().contains(compared.group(1))));
    }

    private boolean callsWhatIsNotImmutable(String change) {
        return change.matches("(?s).*[+-] interval.*")
                || CALL.matcher(change)
                        .results()
                        .anyMatch(call ->
                                !volatility.getOrDefault(call.group(2), "i").equals("i"));
    }

    private static boolean isPlain(MatchResult conflict) {
        if (conflict.group(2).equals("nothing")) {
            return conflict.group(1) == null;
        }
        return Stream.of(conflict.group(3).split(","))
                .allMatch(each -> each.strip().matches("(?s)(\\w+) = excluded\\.\\1\\W*"));
    }

    private boolean callsOnARow(String statement, Function function) {
        return CALL_ON.matcher(statement)
                .results()
                .filter(call -> functions.containsKey(call.group(1))
                        && functions.get(call.group(1)).takesRow())
                .anyMatch(call -> !function.variables().contains(call.group(2)));
    }
}
