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
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What Java calls is what the database has: the same functions, with the same arguments, once each, in both editions. */
class CallsTest {
    private static final String SIGNATURES = """
            select p.proname, pg_get_function_identity_arguments(p.oid) as types, pg_get_function_result(p.oid) as result,
                array_to_string(array(
                    select a.name from unnest(p.proargnames) with ordinality a(name, place)
                    where p.proargmodes is null or p.proargmodes[a.place] = 'i' order by a.place), ',') as inputs
            from pg_proc p
            where p.pronamespace = 'history'::regnamespace and p.proname in (select e.name from history.edition e where e.edition = 'arrays')
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
    void callsEveryFunctionWithItsArguments() throws SQLException {
        try (var world = World.create()) {
            assertEquals(Signatures.of(world).inputs(), recordsOf(Conversations.class));
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

    /** The records named after a verb: by the name of the function, with the names of its arguments. */
    private static Map<String, String> recordsOf(Class<?> store) {
        return Arrays.stream(store.getDeclaredClasses())
                .filter(type ->
                        type.isRecord() && type.getSimpleName().matches("(List|Get|Create|Patch|Delete)Conversations?"))
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
