package history.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.World;
import history.postgres.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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

    private static final String EXTENSIBLE = """
            select format('%s %s', p.proname, k.kind), coalesce((
                select string_agg(format('%s %s', a.name, format_type(a.type, null)), ', ' order by a.place)
                from unnest(p.proargnames, coalesce(p.proallargtypes, p.proargtypes),
                    coalesce(p.proargmodes, array_fill('i'::"char", array[p.pronargs::int]))) with ordinality a(name, type, mode, place)
                where case k.kind when 'gives' then a.mode <> 'i' when 'takes' then a.mode = 'i'
                    else a.mode = 'i' and a.place <= p.pronargs - p.pronargdefaults end),
                pg_get_function_result(p.oid))
            from pg_proc p cross join (values ('takes'), ('needs'), ('gives')) k(kind)
            where p.pronamespace = 'history'::regnamespace and p.proname in (
                select e.name from history.edition e group by e.name having count(*) = 2)
            union all
            select format('type %s has', t.typname), (
                select string_agg(format('%s %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)
                from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped)
            from pg_type t where t.typnamespace = 'history'::regnamespace and t.typname in ('conversation', 'message')
            order by 1""";

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
            var calls = callsOf("conversation/Conversations");
            calls.putAll(callsOf("chat/turn/Turns"));
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

    /** The words that the functions of the rows edition themselves can give out. */
    @Test
    void knowsEveryWordThatTheFunctionsGiveOut() throws Exception {
        try (var world = World.create();
                var connection = world.database().connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement()) {
            Map<String, String> enums = Map.of(
                    "claim_turn,take_turn,question_known,question_asked,continue_turn,no_conversation",
                    TURNS + "$Decision",
                    "finish_turn,store_end",
                    TURNS + "$Stored",
                    "patch_conversation,delete_conversation,remove_message",
                    Conversations.Outcome.class.getName());
            for (var function : enums.entrySet()) {
                var rows = statement.executeQuery("select string_agg(pg_get_functiondef(p.oid), '') from pg_proc p"
                        + " where p.proname = any ('{%s}')".formatted(function.getKey()));
                rows.next();
                var words = Pattern.compile(
                                "(?:decision|outcome) := '([a-z ]+)'|(?:then|else|return) '([a-z ]+)(?:: [^']*)?'")
                        .matcher(rows.getString(1))
                        .results()
                        .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
                var known = Arrays.stream(Class.forName(function.getValue()).getEnumConstants())
                        .map(constant ->
                                constant.toString().toLowerCase(Locale.ROOT).replace('_', ' '))
                        .collect(Collectors.toCollection(TreeSet::new));
                assertEquals(words, known);
            }
        }
    }

    /** A zip of the last release goes on working: what it calls and reads is there, in the same places. */
    @Test
    void whatTheLastReleaseCallsIsOnlyExtended() throws Exception {
        try (var world = World.create();
                var connection = world.database().connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement();
                var released = Objects.requireNonNull(getClass().getResourceAsStream("released-signatures.txt"))) {
            var now = new TreeMap<String, String>();
            var rows = statement.executeQuery(EXTENSIBLE);
            while (rows.next()) {
                now.put(rows.getString(1), rows.getString(2));
            }
            new String(released.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                var name = line.substring(0, line.indexOf(": "));
                var was = line.substring(name.length() + 2);
                var is = now.getOrDefault(name, "");
                assertTrue((is + ", ").startsWith(was + ", "), name + " was " + was + " and is " + is);
                var needed = name.endsWith(" takes") ? now.getOrDefault(name.replace(" takes", " needs"), "") : was;
                assertTrue((was + ", ").startsWith(needed + ", "), "a new argument without a default: " + needed);
            });
        }
    }

    /** The functions that a class calls with the names of their arguments, as it is written. */
    private static Map<String, String> callsOf(String store) throws IOException {
        var source = Files.readString(Path.of("src/main/java/history", store + ".java"));
        return Pattern.compile("Call\\.of\\(\"(\\w+)\"\\)(.*?)\\.select\\(", Pattern.DOTALL)
                .matcher(source)
                .results()
                .collect(Collectors.toMap(
                        call -> call.group(1),
                        call -> Pattern.compile("\\.with\\(\\s*\"(\\w+)\"")
                                .matcher(call.group(2))
                                .results()
                                .map(argument -> argument.group(1))
                                .collect(Collectors.joining(",")),
                        (one, other) -> one,
                        TreeMap::new));
    }
}
