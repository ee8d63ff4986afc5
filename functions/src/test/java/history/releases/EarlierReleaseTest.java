package history.releases;

import static history.fixture.Call.delete;
import static history.fixture.Call.get;
import static history.fixture.Call.patch;
import static history.fixture.Call.post;
import static history.releases.Requests.ADA;
import static history.releases.Requests.BOB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Answer;
import history.fixture.Api;
import history.fixture.Call;
import history.fixture.World;
import history.migration.Action;
import history.migration.Migration;
import history.migration.ReleaseDump;
import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Migrate, then deploy: what an earlier release left and ships goes on working on the schema of this one. */
final class EarlierReleaseTest {
    private static final String ROWS = "select (select count(*) from conversations), (select count(*) from messages)";

    private static final List<Call> ALL =
            Stream.concat(Requests.LIMITED.stream(), Requests.ROWS.stream()).toList();

    /** All on the newest server, the one with both sides on the oldest as well; under -Phunt all on both. */
    static Stream<ReleaseDump> everyPhaseInUse() {
        return ReleaseDump.of("migrated", "complete", "fresh")
                .filter(it -> Some.ALL
                        || it.version() == PostgresVersion.V18
                        || it.phase().equals("migrated"));
    }

    @ParameterizedTest
    @MethodSource("everyPhaseInUse")
    @Tag(Some.TAG)
    void findsWhatItUses(ReleaseDump dump) throws Exception {
        try (var database = upgraded(dump)) {
            var needs = SchemaNeeds.of(dump.release());

            assertEquals(
                    List.of(),
                    (dump.phase().equals("migrated") ? needs : needs.without("chat_sessions")).missingIn(database));
        }
    }

    @ParameterizedTest
    @MethodSource("everyPhaseInUse")
    @Tag(Some.TAG)
    void meetsItsOwnRowsAgain(ReleaseDump dump) throws Exception {
        try (var database = upgraded(dump);
                var earlier = new EarlierFunctions(dump.release())) {
            var before = row(database, ROWS);
            for (var loader : List.of(earlier, getClass().getClassLoader())) {
                var api = new Api(environment(database), loader);
                for (var call : loader == earlier ? sent(dump) : ALL) {
                    var answer = api.call(call);
                    assertEquals("true", answer.header("idempotency-replayed").orElse(""), call + " " + answer);
                }
            }
            assertEquals(before, row(database, ROWS));
        }
    }

    @ParameterizedTest
    @MethodSource("everyPhaseInUse")
    @Tag(Some.TAG)
    void answersEveryEndpoint(ReleaseDump dump) throws Exception {
        try (var database = upgraded(dump);
                var earlier = new EarlierFunctions(dump.release())) {
            walk(new Api(environment(database), earlier));
        }
    }

    private static void walk(Api api) {
        var create = post("/api/conversations", "{\"title\": \"Walk\", \"metadata\": {\"a\": 1}}")
                .header("Idempotency-Key", "walk-1");
        var id = ok(api, create).json().path("id").asText();
        assertEquals(id, ok(api, create).json().path("id").asText());
        var path = "/api/conversations/" + id;
        assertTrue(ok(api, get("/api/conversations")).body().contains(id));
        assertEquals(404, api.call(get(path).as(BOB)).status());
        assertEquals(
                "Renamed",
                ok(api, patch(path, "{\"title\": \"Renamed\", \"metadata\": {\"b\": 2}}"))
                        .json()
                        .path("title")
                        .asText());

        var native_ = post("/api/chat", "{\"message\": \"One\", \"conversation_id\": \"%s\"}".formatted(id))
                .header("Idempotency-Key", "walk-2");
        var first = ok(api, native_).json();
        assertEquals(first, ok(api, native_).json());
        ok(api, post("/api/chat", """
                {"messages": [{"role": "user", "content": "Two"}], "conversationId": "%s"}""".formatted(id)));
        for (var trigger : List.of("submit-message", "regenerate-message")) {
            ok(api, post("/api/chat", """
                    {"id": "%s", "trigger": "%s", "messages": [
                      {"id": "w3", "role": "user", "parts": [{"type": "text", "text": "Three"}]}]}""".formatted(id, trigger)));
        }
        List<String> contents = new ArrayList<>();
        ok(api, get(path)).json().path("messages").forEach(message -> {
            if (message.path("role").asText().equals("user")) {
                contents.add(message.path("content").asText());
            }
        });
        assertEquals(List.of("One", "Two", "Three"), contents);
        assertEquals(6, ok(api, get(path)).json().path("message_count").asInt());

        assertEquals(204, ok(api, delete(path)).status());
        assertEquals(404, api.call(get(path).as(ADA)).status());
    }

    private static Answer ok(Api api, Call call) {
        var answer = api.call(call.as(ADA));
        assertEquals(2, answer.status() / 100, () -> call + " " + answer);
        assertFalse(answer.body().contains("\"error\""), answer::body);
        return answer;
    }

    /** The first release took a conversation that was made before the migration for one of another request. */
    private static List<Call> sent(ReleaseDump dump) {
        return dump.phase().equals("fresh") || !dump.release().equals("245c4fe") ? ALL : ALL.subList(1, ALL.size());
    }

    private static PostgresDatabase upgraded(ReleaseDump dump) throws Exception {
        return dump.restore("upgraded", it -> {
            var report = Migration.of(it.environment(ReleaseDump.OWNER)).run(Action.MIGRATE);
            assertTrue(report.succeeded(), report::json);
        });
    }

    static Map<String, String> environment(PostgresDatabase database) {
        Map<String, String> environment = new LinkedHashMap<>(World.tokens().environment());
        environment.put("DATABASE_URL", database.url(World.FUNCTIONS_ROLE) + "?sslmode=disable");
        environment.put("CHAT_PROVIDER", "echo");
        return environment;
    }

    private static List<Long> row(PostgresDatabase database, String sql) throws SQLException {
        try (var connection = database.connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return List.of(rows.getLong(1), rows.getLong(2));
        }
    }
}
