package history.migration;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.Connection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ConversionTest {
    private static final int ARRAYS = Boolean.getBoolean("hunt") ? 10_000 : 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            roles           | user:1 user:2 assistant:3 assistant:4 assistant:5 system:6 system:7
            parts           | user:Hello user:T user:42.50 user:true
            emoji and rtl   | user:👩‍👩‍👧 שלום مرحبا user:
            bad elements    | user:good
            equal and descending | user:1 user:2 user:3
            """)
    void readsWhatCanBeRead(String title, String messages) throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.SUPERUSER, Action.MIGRATE)) {
            assertEquals(messages, old.value("""
                    select trim(string_agg(role || ':' || content, ' ' order by seq)) from messages m
                    join conversations c on c.id = m.conversation_id where c.title = '%s'""".formatted(title)));
        }
    }

    /** Not the moment of the migration, and no age by which prune would take it. */
    @ParameterizedTest
    @EnumSource
    void withoutAnyTimeItIsShownAsBefore(PostgresVersion version) throws Exception {
        var id = "c0000000-0000-4000-8000-0000000000ff";
        try (var old = OldDatabase.empty(
                version, Owner.PLAIN, """
                insert into public.chat_sessions (id, tenant_id, user_id, messages, created_at, updated_at)
                values ('%s', '%s', '%s', '[{"role":"user","content":"x"}]', null, null);
                update tenants set settings = '{"retention_days": 30}'""".formatted(id, OldDatabase.TENANT_A, OldDatabase.ADA), Action.PREPARE)) {
            var shown = """
                    select concat_ws(', ', (r.conversation).created_at at time zone 'UTC', (r.conversation).updated_at at time zone 'UTC',
                        (r.message).created_at at time zone 'UTC', (r.conversation).revision)
                    from history.get_conversation('%s', null, 10, 10, 10000) r""".formatted(id);
            for (var action : List.of(Action.STATUS, Action.MIGRATE, Action.VERIFY, Action.PRUNE, Action.ROLLBACK)) {
                old.succeed(action);
                try (var ada = old.caller(OldDatabase.ADA)) {
                    assertEquals(
                            List.of("1970-01-01 00:00:00, 1970-01-01 00:00:00, 1970-01-01 00:00:00, 0"),
                            OldDatabase.query(ada, shown));
                }
            }
            assertEquals("t", old.value("select created_at is null and updated_at is null from chat_sessions"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesForATimeOnlyWhatIsOne(PostgresVersion version) throws Exception {
        try (var old = OldDatabase.withEdgeCases(version, Owner.SUPERUSER)) {
            old.execute("alter database %s set timezone = 'America/New_York'"
                    .formatted(old.database().name()));
            old.succeed(Action.MIGRATE);
            var times = """
                    select distinct to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') from messages m
                    join conversations c on c.id = m.conversation_id where c.title = '%s'""";

            assertEquals(List.of("2023-05-01 10:00:00"), old.query(times.formatted("words for times")));
            assertEquals(List.of("2024-01-15 10:00:00"), old.query(times.formatted("times")));
            var readOtherwise = """
                    select n from generate_series(999999999999, 4200000000000, 33333333333) n
                    cross join lateral (values (to_jsonb(n)), (to_jsonb(n::text)), (to_jsonb(n + 0.5))) v(value)
                    cross join lateral history.elements(
                        jsonb_build_array(jsonb_build_object('role', 'user', 'content', 'a', 'timestamp', v.value)),
                        gen_random_uuid(), 'epoch') e
                    where e.created_at is distinct from coalesce(history.element_time(v.value), 'epoch')""";
            assertEquals(List.of(), old.query(readOtherwise));
        }
    }

    @Some("V18")
    @Tag("hunt")
    void keepsEveryElementOfRandomArrays(PostgresVersion version) throws Exception {
        var random = new Random(20_260_101);
        try (var old = OldDatabase.empty(version, Owner.PLAIN);
                var application = old.oldApplication()) {
            var arrays = insert(
                    application,
                    Stream.generate(() -> array(random).toString())
                            .limit(ARRAYS)
                            .toArray(String[]::new));
            assertEquals(ARRAYS, arrays.size());

            old.succeed(Action.MIGRATE);

            old.succeed(Action.VERIFY);
            assertKept(application, arrays);
        }
    }

    /** The arrays as the database has them. */
    private static Map<UUID, JsonNode> insert(Connection connection, String[] arrays) throws Exception {
        var inserted = new HashMap<UUID, JsonNode>();
        try (var insert = connection.prepareStatement("""
                insert into chat_sessions (tenant_id, user_id, messages)
                select '%s', '%s', array_::jsonb from unnest(?::text[]) array_
                returning id, messages::text""".formatted(OldDatabase.TENANT_A, OldDatabase.ADA))) {
            insert.setArray(1, connection.createArrayOf("text", arrays));
            try (var rows = insert.executeQuery()) {
                while (rows.next()) {
                    inserted.put(rows.getObject(1, UUID.class), JSON.readTree(rows.getString(2)));
                }
            }
        }
        return inserted;
    }

    private static void assertKept(Connection connection, Map<UUID, JsonNode> arrays) throws Exception {
        var positions = new HashMap<UUID, Integer>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        select conversation_id, seq, content, null as element from messages
                        union all select conversation_id, position, null, element::text from history.quarantine
                        order by 1, 2""")) {
            while (rows.next()) {
                var id = rows.getObject(1, UUID.class);
                var position = positions.merge(id, 1, Integer::sum);
                assertEquals(position, rows.getInt("seq"), () -> "a gap in " + id);
                var element = requireNonNull(arrays.get(id)).get(position - 1);
                if (rows.getString("element") != null) {
                    assertEquals(element, JSON.readTree(rows.getString("element")));
                } else if (element.path("content").isTextual()) {
                    assertEquals(element.get("content").textValue(), rows.getString("content"));
                } else {
                    assertTrue(element.has("content"), element::toString);
                }
            }
        }
        arrays.forEach(
                (id, array) -> assertEquals(array.size(), positions.getOrDefault(id, 0), () -> "elements of " + id));
    }

    private static ArrayNode array(Random random) {
        var array = JSON.createArrayNode();
        for (var length = random.nextInt(6); length > 0; length--) {
            array.add(random.nextInt(5) == 0 ? value(random, 3) : message(random));
        }
        return array;
    }

    private static ObjectNode message(Random random) {
        var message = JSON.createObjectNode();
        for (var key :
                List.of("id", "role", "content", "timestamp", "metadata", "legacy", "createdAt", "sessionId", "")) {
            if (random.nextInt(10) < Map.of("role", 9, "content", 9).getOrDefault(key, 4)) {
                message.set(key, random.nextInt(4) == 0 ? value(random, 2) : likely(key, random));
            }
        }
        return message;
    }

    private static JsonNode likely(String key, Random random) {
        var choices = switch (key) {
            case "role" -> List.of("user", "assistant", "system", "Human", "AI", "tool", " user", "");
            case "timestamp", "createdAt" ->
                List.of(
                        "2024-02-30T00:00:00Z",
                        "2024-02-28T23:59:59.999999Z",
                        "2024-13-01",
                        "now",
                        "infinity",
                        "1705312800",
                        "2024-01-15T10:00",
                        "99999999999999999999",
                        "2100-12-31T23:59:60Z",
                        "2024-01-15T10:00:00+99:99");
            default ->
                List.of(
                        "plain",
                        "",
                        "\"quoted\\\"",
                        "line\nline",
                        "\u202e\ud83d\ude00",
                        "'; drop table messages; --",
                        "null",
                        "$$");
        };
        return JSON.getNodeFactory().textNode(choices.get(random.nextInt(choices.size())));
    }

    private static JsonNode value(Random random, int depth) {
        var nodes = JSON.getNodeFactory();
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2 -> nodes.numberNode(random.nextLong());
            case 3 ->
                nodes.numberNode(
                        new java.math.BigDecimal(random.nextInt(1_000) + ".500e" + (random.nextInt(600) - 300)));
            case 4 -> nodes.textNode("text " + random.nextInt());
            case 5 -> nodes.textNode("");
            case 6 -> {
                var list = nodes.arrayNode();
                for (var i = random.nextInt(3); i > 0; i--) {
                    list.add(value(random, depth - 1));
                }
                yield list;
            }
            default -> {
                var object = nodes.objectNode();
                for (var key : List.of("text", "type", "legacy", "k")) {
                    if (random.nextBoolean()) {
                        object.set(key, value(random, depth - 1));
                    }
                }
                yield object;
            }
        };
    }
}
