package history.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Answer;
import history.fixture.Api;
import history.fixture.Call;
import history.fixture.World;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        assertFalse(answer.json().path("request_id").asText().isBlank());
    }

    private void assertLogsNothingOfACaller() {
        var lines = log.text();
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
        Map<String, String> environment = new LinkedHashMap<>(world.environment());
        environment.put("CHAT_PROVIDER", "openai");
        environment.put("CHAT_MODEL", "gpt-of-nobody");
        environment.put("CHAT_BASE_URL", "http://127.0.0.1:1/v1");
        environment.put("CHAT_API_KEY", "sk-" + WORDS);
        assertTellsNothing(502, new Api(environment).call(chat().as(world.ada())));
        var events = new Api(environment)
                .call(chat().header("Accept", "text/event-stream").as(world.ada()));
        for (var innard : INNARDS) {
            assertFalse(events.body().contains(innard), innard + " in " + events.body());
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
