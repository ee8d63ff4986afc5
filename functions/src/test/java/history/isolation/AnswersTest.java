package history.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.chat.model.ModelServer;
import history.fixture.Answer;
import history.fixture.Api;
import history.fixture.Call;
import history.fixture.World;
import history.text.Json;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever goes wrong: no answer and no line of a log says more than its reader may know. */
final class AnswersTest {
    private static final String WORDS = "words-that-nobody-else-may-read";
    private static final List<String> INNARDS = List.of(
            "SQLSTATE",
            "select ",
            "insert into",
            "update public",
            "public.",
            "history.",
            "Exception",
            "\tat ",
            "pgjdbc",
            "127.0.0.1",
            "localhost",
            "example.invalid",
            "history_functions",
            "org.postgresql",
            "password");

    /** What the line of a request may have; nothing that somebody wrote. */
    private static final Set<String> FIELDS = Set.of(
            ("timestamp level message request_id function_request_id trace_id route status start user tenant model duration_ms"
                            + " database_ms database_trips sqlstate input_tokens output_tokens first_token_ms requests errors"
                            + " database_unavailable model_failures answers_not_stored service _aws")
                    .split(" ", -1));

    private final World world = World.create();
    private final LogCapture log = new LogCapture();

    @BeforeEach
    void listen() {
        log.start();
    }

    @AfterEach
    void close() {
        log.stop();
        world.close();
    }

    private Call post() {
        return Call.post("/api/conversations", "{\"title\":\"" + WORDS + "\",\"metadata\":{\"a\":\"" + WORDS + "\"}}");
    }

    private Call chat() {
        return Call.post("/api/chat", "{\"message\":\"" + WORDS + "\"}");
    }

    private Api changed(String name, String value) {
        Map<String, String> environment = new LinkedHashMap<>(world.environment());
        environment.put(name, value);
        return new Api(environment);
    }

    private void assertTellsNothing(int status, Answer answer) {
        assertEquals(status, answer.status(), answer.body());
        assertEquals("application/problem+json", answer.header("content-type").orElseThrow());
        assertEquals("no-store", answer.header("cache-control").orElseThrow());
        assertEquals("nosniff", answer.header("x-content-type-options").orElseThrow());
        for (var innard : INNARDS) {
            assertFalse(answer.body().contains(innard), innard + " in " + answer.body());
        }
        assertFalse(answer.body().contains(WORDS), answer.body());
        assertEquals(
                answer.json().path("request_id").asText(),
                answer.header("x-request-id").orElseThrow());
    }

    private void assertLogsNothingOfACaller() {
        var lines = log.text() + requestsWithoutUsers();
        assertFalse(lines.contains(WORDS), lines);
        for (var person : List.of(world.ada(), world.bob())) {
            var token = String.valueOf(person.bearer()).substring("Bearer ".length());
            for (var part : token.split("\\.", -1)) {
                assertFalse(lines.contains(part), lines);
            }
            assertFalse(lines.contains(person.userId().toString()), lines);
        }
        assertFalse(
                log.textBelow(java.util.logging.Level.WARNING).contains("\tat "), "a stack trace at INFO: " + lines);
    }

    /** The lines of the requests, each of which has all that such a line must have, and nothing that it must not. */
    private String requestsWithoutUsers() {
        var lines = new StringBuilder();
        for (var line : log.requests()) {
            assertEquals(1, line.lines().count(), line);
            var request = (ObjectNode) Json.tree(line);
            request.fieldNames().forEachRemaining(name -> assertTrue(FIELDS.contains(name), name));
            assertEquals(
                    request.path("status").asInt() >= 500 ? 1 : 0,
                    request.path("errors").asInt(),
                    line);
            request.at("/_aws/CloudWatchMetrics/0/Metrics")
                    .forEach(metric -> assertTrue(
                            request.path(metric.path("Name").asText()).isNumber(), line));
            request.remove("user");
            lines.append(request).append('\n');
        }
        return lines.toString();
    }

    private JsonNode lastRequest() {
        return Json.tree(log.requests().getLast());
    }

    @Test
    void theLineOfARequestSaysWhoAndHowLong() {
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var answer = world.call(chat().header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                .as(world.ada()));
        assertEquals("request-2", answer.header("x-request-id").orElseThrow());
        var line = lastRequest();
        assertEquals("request-2", line.path("request_id").asText());
        assertEquals(trace, line.path("trace_id").asText());
        assertEquals("POST /api/chat", line.path("route").asText());
        assertEquals(200, line.path("status").asInt());
        assertEquals(world.ada().userId().toString(), line.path("user").asText());
        assertEquals(world.ada().tenantId().toString(), line.path("tenant").asText());
        assertEquals(2, line.path("database_trips").asInt(), line.toString());
        assertTrue(line.path("output_tokens").asInt() > 0, line.toString());
        assertTrue(
                line.path("first_token_ms").asInt() <= line.path("duration_ms").asInt(), line.toString());
        assertFalse(line.has("model_failures") || line.has("sqlstate"), line.toString());
        world.call(Call.get("/api/conversations"));
        assertEquals("warm", lastRequest().path("start").asText());
        assertFalse(lastRequest().has("user"), "nobody's token");
        assertLogsNothingOfACaller();
    }

    /** The model's server gets the caller's trace, and no header that only looks like one. */
    @Test
    void anAnswerThatNobodyCanStore() throws Exception {
        try (var server = new ModelServer((out, _) -> {
            ModelServer.head(out, 200, "text/event-stream");
            execute("delete from public.tenant_users where user_id = '"
                    + world.ada().userId() + "'");
            ModelServer.send(out, """
                    data: {"choices":[{"delta":{"content":"%s"},"finish_reason":"stop"}]}

                    data: [DONE]

                    """.formatted(WORDS));
        })) {
            var parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
            var api = modelAt(server.url().toString());
            for (var trace : List.of(parent, WORDS)) {
                assertTellsNothing(
                        403, api.call(chat().header("traceparent", trace).as(world.ada())));
                execute("insert into public.tenant_users (tenant_id, user_id, role) values ('%s', '%s', 'user')"
                        .formatted(world.ada().tenantId(), world.ada().userId()));
            }
            var seen = server.requests().stream()
                    .map(request -> String.valueOf(request.headers().get("traceparent")))
                    .toList();
            assertEquals(List.of(parent, "null"), seen);
        }
        assertEquals(1, lastRequest().path("answers_not_stored").asInt(), log.requests()::toString);
        assertEquals("gpt-of-nobody", lastRequest().path("model").asText());
        assertLogsNothingOfACaller();
    }

    private void execute(String sql) {
        try {
            world.execute(sql);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private Api modelAt(String url) {
        Map<String, String> environment = new LinkedHashMap<>(world.environment());
        environment.put("CHAT_PROVIDER", "openai");
        environment.put("CHAT_MODEL", "gpt-of-nobody");
        environment.put("CHAT_BASE_URL", url);
        environment.put("CHAT_API_KEY", "sk-" + WORDS);
        return new Api(environment);
    }

    @Test
    void whatWorksIsNotLogged() {
        for (var call :
                List.of(post(), chat(), chat().header("Accept", "text/event-stream"), Call.get("/api/conversations"))) {
            var answer = world.call(call.as(world.ada()));
            assertTrue(answer.status() < 300, answer.body());
            assertTrue(answer.header("cache-control").orElseThrow().contains("no-store"));
            assertEquals("nosniff", answer.header("x-content-type-options").orElseThrow());
        }
        assertEquals("", log.ours());
    }

    @Test
    void aDatabaseThatCannotBeReached() {
        for (var url : List.of(
                "postgresql://history_functions:password@db.example.invalid:5432/history?sslmode=disable",
                "postgresql://history_functions:password@127.0.0.1:%d/no_such_database?sslmode=disable"
                        .formatted(world.database().server().port()))) {
            var api = changed("DATABASE_URL", url);
            assertTellsNothing(503, api.call(post().as(world.ada())));
            assertEquals(1, lastRequest().path("database_unavailable").asInt(), log.requests()::toString);
            assertTrue(lastRequest().path("sqlstate").asText().matches("08...|3D000"), log.requests()::toString);
        }
        assertLogsNothingOfACaller();
        assertFalse(log.text().contains("password"), log.text());
    }

    @Test
    void aDatabaseThatFailsInTheMiddle() throws Exception {
        world.execute("""
                create function public.fails() returns trigger language plpgsql as
                $$ begin raise exception 'refused' using detail = new::text, hint = new::text; end $$;
                create trigger fails before insert on public.conversations for each row execute function public.fails()""");
        assertTellsNothing(500, world.call(post().as(world.ada())));
        assertTellsNothing(500, world.call(chat().as(world.ada())));
        assertLogsNothingOfACaller();
    }

    @Test
    void aRowThatAConstraintRefuses() throws Exception {
        world.execute("alter table public.conversations add constraint never check (false) not valid");
        assertTellsNothing(500, world.call(post().as(world.ada())));
        assertLogsNothingOfACaller();
    }

    /** It is a bug, not a database that has not been migrated: nothing is tried elsewhere. */
    @Test
    void aRowThatAPolicyRefuses() throws Exception {
        world.execute("create policy never on public.conversations as restrictive for insert with check (false)");
        assertTellsNothing(500, world.call(post().as(world.ada())));
        assertTellsNothing(500, world.call(chat().as(world.ada())));
        assertEquals("42501", lastRequest().path("sqlstate").asText());
        for (var statement : List.of("conversation.Conversations.create", "chat.turn.Turns.claim")) {
            assertTrue(log.ours().contains("SQLSTATE 42501 in history." + statement), log.ours());
        }
        assertLogsNothingOfACaller();
    }

    @Test
    void aTableThatIsMissing() throws Exception {
        world.execute("drop table public.messages cascade");
        assertTellsNothing(503, world.call(chat().as(world.ada())));
        assertLogsNothingOfACaller();
    }

    @Test
    void aTokenThatIsRefused() {
        var token = World.tokens()
                .user(world.ada().userId())
                .claim("email", WORDS)
                .claim("iss", WORDS)
                .bearer();
        assertTellsNothing(401, world.call(post().header("Authorization", token)));
        assertTellsNothing(401, world.call(post().header("Authorization", token + "x")));
        assertLogsNothingOfACaller();
    }

    @Test
    void aTenantThatIsRefused() {
        var foreign =
                World.tokens().user(world.ada().userId()).tenant(world.bob().tenantId());
        var answer = world.call(post().header("Authorization", foreign.bearer()));
        assertTellsNothing(403, answer);
        assertFalse(answer.body().contains(world.bob().tenantId().toString()));
        assertLogsNothingOfACaller();
    }

    @Test
    void aModelThatCannotBeReached() {
        var api = modelAt("http://127.0.0.1:1/v1");
        assertTellsNothing(502, api.call(chat().as(world.ada())));
        var events = api.call(chat().header("Accept", "text/event-stream").as(world.ada()));
        for (var innard : INNARDS) {
            assertFalse(events.body().contains(innard), innard + " in " + events.body());
        }
        for (var line : log.requests()) {
            assertEquals(1, Json.tree(line).path("model_failures").asInt(), line);
        }
        assertLogsNothingOfACaller();
    }

    @Test
    void anEventThatIsNone() {
        for (var event : List.of(
                "", "null", "[]", "{\"body\":\"" + WORDS, "{\"headers\":{\"authorization\":\"" + WORDS + "\"}}")) {
            for (var route : Api.routes()) {
                var answer = world.api().send(route, event.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                assertTrue(answer.status() == 400 || answer.status() == 401, answer.body());
                assertFalse(answer.body().contains(WORDS), answer.body());
            }
        }
        assertLogsNothingOfACaller();
    }

    @Test
    void anIdOfNobodyIsRepeatedOnlyToWhomNamedIt() {
        var id = UUID.randomUUID().toString();
        var answer = world.call(Call.get("/api/conversations/" + id).as(world.ada()));
        assertEquals("/api/conversations/" + id, answer.json().path("instance").asText());
        assertFalse(answer.json().path("detail").asText().contains(id));
        assertEquals("", log.ours());
    }
}
