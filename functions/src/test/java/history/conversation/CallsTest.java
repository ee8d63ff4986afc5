package history.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import history.fixture.World;
import history.postgres.PostgresServer;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What Java calls is what the database has: the same functions, with the same arguments, once each, in both editions. */
class CallsTest {
    private static final String TURNS = "history.chat.turn.Turns";
    private static final String SIGNATURES = """
            select p.proname, pg_get_function_identity_arguments(p.oid) as types, pg_get_function_result(p.oid) as result,
                array_to_string(array(
                    select a.name from unnest(p.proargnames) with ordinality a(name, place)
                    where p.proargmodes is null or p.proargmodes[a.place] = 'i' order by a.place), ',') as inputs
            from pg_proc p
            where p.pronamespace = 'history'::regnamespace and p.proname in (
                select e.name from history.edition e group by e.name having count(*) = 2)
            order by p.proname""";

    private record Signature(String types, String result, String inputs) {}

    private record Signatures(Map<String, Signature> ofFunctions) {
        static Signatures of(World world) throws SQLException {
            var signatures = new TreeMap<String, Signature>();
            try (var connection = world.database().connect(PostgresServer.SUPERUSER);
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery(SIGNATURES)) {
                while (rows.next()) {
                    var signature =
                            new Signature(rows.getString("types"), rows.getString("result"), rows.getString("inputs"));
                    assertEquals(null, signatures.put(rows.getString("proname"), signature), "an overload");
                }
            }
            return new Signatures(signatures);
        }

        Map<String, String> inputs() {
            return ofFunctions.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, each -> each.getValue().inputs(), (one, other) -> one, TreeMap::new));
        }
    }

    @Test
    void callsEveryFunctionWithItsArguments() throws Exception {
        try (var world = World.create()) {
            var calls = recordsOf(Conversations.class);
            calls.putAll(recordsOf(Class.forName(TURNS)));
            assertEquals(Signatures.of(world).inputs(), calls);
        }
    }

    @Test
    void bothEditionsHaveTheSameSignatures() throws SQLException {
        try (var arrays = World.beforeMigration();
                var rows = World.create()) {
            assertEquals(Signatures.of(rows), Signatures.of(arrays));
        }
    }

    @Test
    void knowsEveryOutcomeThatTheFunctionsName() {
        assertEquals(
                List.of("done", "missing", "changed", "too large"),
                Arrays.stream(Conversations.Outcome.values())
                        .map(outcome -> outcome.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                        .toList());
    }

    /** The words that the function of the rows edition itself can give out. */
    @Test
    void knowsEveryDecisionThatTheFunctionsName() throws Exception {
        try (var world = World.create();
                var connection = world.database().connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement()) {
            for (var function : Map.of("claim_turn,take_turn", "Decision", "finish_turn,store_end", "Stored")
                    .entrySet()) {
                var rows = statement.executeQuery("select string_agg(pg_get_functiondef(p.oid), '') from pg_proc p"
                        + " where p.proname = any ('{%s}')".formatted(function.getKey()));
                rows.next();
                var words = Pattern.compile("(?:decision|outcome) := '([a-z ]+)'|(?:then|else) '([a-z ]+)'")
                        .matcher(rows.getString(1))
                        .results()
                        .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
                var known = Arrays.stream(
                                Class.forName(TURNS + "$" + function.getValue()).getEnumConstants())
                        .map(constant ->
                                constant.toString().toLowerCase(Locale.ROOT).replace('_', ' '))
                        .collect(Collectors.toCollection(TreeSet::new));
                assertEquals(words, known);
            }
        }
    }

    /** The records named after a verb: by the name of the function, with the names of its arguments. */
    private static Map<String, String> recordsOf(Class<?> store) {
        return Arrays.stream(store.getDeclaredClasses())
                .filter(
                        type -> type.isRecord()
                                && type.getSimpleName()
                                        .matches(
                                                "(List|Get|Create|Patch|Delete)Conversations?|(Claim|Flush|Finish|Running|Stop|Abandon)Turn"))
                .collect(Collectors.toMap(
                        type -> snakeCase(type.getSimpleName()),
                        type -> Arrays.stream(type.getRecordComponents())
                                .map(component -> snakeCase(component.getName()))
                                .collect(Collectors.joining(",")),
                        (one, other) -> one,
                        TreeMap::new));
    }

    private static String snakeCase(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
