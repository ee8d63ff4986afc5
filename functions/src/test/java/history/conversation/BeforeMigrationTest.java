package history.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.Person;
import history.fixture.World;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the endpoints do on {@code chat_sessions}, and what a function that stays warm makes of the migration. */
class BeforeMigrationTest {
    private static final String PATH = "/api/conversations";

    private final World world = World.beforeMigration();

    @AfterEach
    void close() {
        world.close();
    }

    private Answer asAda(Call call) {
        return world.call(call.as(world.ada()));
    }

    /** A session as the old application left it: a message, one that no row can be, and an answer. */
    private String session(Person owner) throws SQLException {
        UUID id = UUID.randomUUID();
        world.execute("""
                insert into public.chat_sessions (id, tenant_id, user_id, title, messages, metadata)
                values ('%s', '%s', '%s', null, '[
                  {"id":"1","role":"user","content":"hello","timestamp":"2025-01-02T03:04:05Z","sessionId":"s"},
                  {"role":"tool","content":"x"},
                  {"id":"2","role":"AI","content":[{"text":"good "},{"text":"day"}]}]', null)
                """.formatted(id, owner.tenantId(), owner.userId()));
        return PATH + "/" + id;
    }

    private static List<String> contents(JsonNode conversation) {
        List<String> contents = new ArrayList<>();
        conversation
                .path("messages")
                .forEach(message -> contents.add(
                        message.path("seq") + " " + message.path("role").asText() + " "
                                + message.path("content").asText()));
        return contents;
    }

    @Test
    void listsReadsRenamesCreatesAndDeletesWhatIsInChatSessions() throws SQLException {
        String path = session(world.ada());
        session(world.bob());
        JsonNode list = asAda(Call.get(PATH)).json();
        assertEquals(1, list.size());
        assertEquals("New Conversation", list.path(0).path("title").asText());
        assertEquals("{}", list.path(0).path("metadata").toString());
        JsonNode read = asAda(Call.get(path)).json();
        assertEquals(List.of("1 user hello", "3 assistant good day"), contents(read));
        assertEquals(
                "2025-01-02T03:04:05.000000Z",
                read.path("messages").path(0).path("created_at").asText());
        Answer renamed = asAda(Call.patch(path, "{\"title\":\" named \"}"));
        assertEquals(" named ", renamed.json().path("title").asText(), renamed.body());
        Call keyed = Call.post(PATH, "{\"title\":\"new\"}").header("Idempotency-Key", "k");
        Answer created = asAda(keyed);
        assertEquals(201, created.status(), created.body());
        assertEquals(created.json().path("id"), asAda(keyed).json().path("id"));
        assertEquals(2, asAda(Call.get(PATH)).json().size());
        String made = PATH + "/" + created.json().path("id").asText();
        assertEquals(204, asAda(Call.delete(made)).status());
        assertEquals(410, asAda(keyed).status());
        assertEquals(204, asAda(Call.delete(path)).status());
        assertEquals(404, asAda(Call.get(path)).status());
    }

    @Test
    void aSessionWithoutATimeIsTheSameWheneverItIsRead() throws SQLException {
        String path = session(world.ada());
        world.execute("alter table public.chat_sessions disable trigger user");
        world.execute(
                "update public.chat_sessions set created_at = null, updated_at = null, messages = messages #- '{0,timestamp}'");
        Answer read = asAda(Call.get(path));
        for (JsonNode message : read.json().path("messages")) {
            assertEquals(
                    "1970-01-01T00:00:00.000000Z", message.path("created_at").asText());
        }
        assertEquals(read.body(), asAda(Call.get(path)).body());
    }

    @Test
    void bobSeesNothingOfAda() throws SQLException {
        String path = session(world.ada());
        for (Call call : List.of(Call.get(path), Call.patch(path, "{\"title\":\"x\"}"), Call.delete(path))) {
            assertEquals(404, world.call(call.as(world.bob())).status());
        }
        assertEquals(0, world.call(Call.get(PATH).as(world.bob())).json().size());
    }

    @Test
    void saysOfTheRestThatTheMigrationIsPending() throws SQLException {
        String path = session(world.ada());
        for (Call call : List.of(
                Call.patch(path, "{\"metadata\":{\"a\":1}}"), Call.get(PATH).query("scope", "tenant"))) {
            Answer answer = asAda(call);
            assertEquals(503, answer.status(), answer.body());
            assertTrue(answer.json().path("type").asText().endsWith("migration-pending"), answer.body());
            assertTrue(answer.header("retry-after").isPresent());
        }
    }

    @Test
    void aFunctionThatIsWarmGoesOnWithoutAnErrorAndWithTheSameMessages() throws Exception {
        String path = session(world.ada());
        JsonNode before = asAda(Call.get(path)).json();
        var errors = new ConcurrentLinkedQueue<String>();
        var over = new AtomicBoolean();
        var warm = CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                for (Call call : List.of(Call.get(path), Call.get(PATH), Call.post(PATH, "{}"))) {
                    Answer answer = asAda(call);
                    if (answer.status() / 100 != 2) {
                        errors.add(call.method() + " " + call.path() + ": " + answer.body());
                    }
                }
            }
        });
        world.migrate();
        over.set(true);
        warm.join();
        assertEquals(List.of(), List.copyOf(errors));
        JsonNode after = asAda(Call.get(path)).json();
        assertEquals(before.path("messages"), after.path("messages"), "ids, places and times are the same");
        assertEquals(before.path("updated_at"), after.path("updated_at"));
        assertEquals(200, asAda(Call.patch(path, "{\"metadata\":{\"a\":1}}")).status());
        assertNotEquals(503, asAda(Call.get(PATH).query("scope", "tenant")).status());
    }
}
