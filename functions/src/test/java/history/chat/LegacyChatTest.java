package history.chat;

import static history.chat.UserMessages.edit;
import static history.chat.UserMessages.regenerate;
import static history.chat.UserMessages.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import history.chat.model.ChatMessage;
import history.chat.model.ModelFailure;
import history.chat.model.ScriptedModel;
import history.chat.model.ScriptedModel.Script;
import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.World;
import history.migration.Action;
import history.migration.Migration;
import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Before the migration, when there is only {@code chat_sessions}, and while it comes. */
class LegacyChatTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CHAT = "fxdiMJBq7aYLXZRi";
    private static final String ELEMENTS = "select e.value ->> 'role' || ': ' || (e.value ->> 'content')"
            + " from public.chat_sessions s cross join jsonb_array_elements(s.messages) with ordinality e (value, i)"
            + " order by s.id, e.i";

    private static Chats before(Script... scripts) {
        return Chats.in(World.beforeMigration(), Map.of(), new ScriptedModel(scripts));
    }

    private static void run(PostgresDatabase database, Action action) throws SQLException {
        Migration.of(database.environment(PostgresServer.SUPERUSER)).run(action);
    }

    private static void migrate(Chats chats) throws SQLException {
        run(chats.world().database(), Action.MIGRATE);
        assertEquals(List.of("v"), chats.query("select relkind from pg_class where relname = 'chat_sessions'"));
    }

    private static UUID session(Chats chats, String messages) throws SQLException {
        UUID id = UUID.randomUUID();
        chats.world()
                .execute("""
                insert into public.chat_sessions (id, tenant_id, user_id, messages) values ('%s', '%s', '%s', %s)
                """.formatted(id, chats.ada().tenantId(), chats.ada().userId(), messages));
        return id;
    }

    @Test
    void keepsTheMessagesInTheArray() {
        try (var chats = before(Script.says("Hello"), Script.says("Again"))) {
            assertEquals(
                    200,
                    chats.send(submit(CHAT, "m1", "Hi, who are you and why?")).status());
            Answer second = chats.send(submit(CHAT, "m2", "And?"));
            assertEquals(200, second.status(), second.body());
            assertEquals(
                    List.of("user: Hi, who are you and why?", "assistant: Hello", "user: And?", "assistant: Again"),
                    chats.query(ELEMENTS));
            assertEquals(List.of("Hi, who are you and why?"), chats.query("select title from chat_sessions"));
            assertEquals(
                    List.of(
                            ChatMessage.user("Hi, who are you and why?"),
                            new ChatMessage(ChatMessage.Role.ASSISTANT, "Hello"),
                            ChatMessage.user("And?")),
                    chats.model().prompts().getLast().messages());
        }
    }

    @Test
    void aMessageIsKnownByTheIdsThatItsElementHadWhereverItStands() throws Exception {
        try (var chats = before(Script.says("Hello"))) {
            for (int i = 0; i < 12; i++) {
                assertEquals(
                        200, chats.send(submit(CHAT, "h" + i, "Question " + i)).status());
            }
            List<String> ids = chats.query("select e.value ->> 'id' from public.chat_sessions s"
                    + " cross join jsonb_array_elements(s.messages) e limit 4");
            migrate(chats);
            for (String id : ids) {
                var message = Call.get("/api/conversations/" + CHAT + "/messages/" + id);
                assertEquals(200, chats.world().call(message.as(chats.ada())).status(), id);
            }
            Answer again = chats.send(submit(CHAT, "h1", "Question 1"));
            assertEquals("true", again.header("idempotency-replayed").orElse(""), again.body());
            assertEquals(List.of("24"), chats.query("select count(*) from messages where current"));
        }
    }

    /** As versions 4 and 5 of the AI SDK leave messages in an array, and as the API gives them out. */
    @Test
    void anImageAndAToolCallOfAnOldArrayComeBackAndGoBack() throws Exception {
        String five = """
                [{"type": "text", "text": "Look"}, {"type": "file", "mediaType": "image/png", "url": "data:image/png;base64,iVBORw0KGgo="}]""";
        String tool = """
                [{"type": "step-start"}, {"type": "tool-time", "toolCallId": "c", "state": "output-available", "input": {"z": 1}, "output": "12:00"}]""";
        String four = """
                {"role": "user", "content": "And?", "parts": [{"type": "text", "text": "And?"}],
                 "experimental_attachments": [{"name": "a.png", "contentType": "image/png", "url": "https://example.com/a.png"}]},
                {"role": "assistant", "content": "", "parts": [{"type": "tool-invocation",
                  "toolInvocation": {"state": "result", "toolCallId": "d", "toolName": "time", "args": {}, "result": 1}}]}""";
        String array = "[{\"id\": \"u\", \"role\": \"user\", \"parts\": " + five
                + "}, {\"id\": \"a\", \"role\": \"assistant\", \"parts\": " + tool + "}, " + four + "]";
        try (var chats = before(Script.says("Nice"), Script.says("Better"))) {
            UUID id = session(chats, "'" + array + "'");
            var wanted = JSON.readTree("[" + five + ", " + tool + ", " + """
                    [{"type": "text", "text": "And?"},
                     {"type": "file", "mediaType": "image/png", "filename": "a.png", "url": "https://example.com/a.png"}],
                    [{"type": "tool-time", "toolCallId": "d", "state": "output-available", "input": {}, "output": 1}]]""");
            assertEquals(wanted, parts(chats, id));
            migrate(chats);
            assertEquals(wanted, parts(chats, id));
            run(chats.world().database(), Action.ROLLBACK);
            assertEquals(
                    List.of("t"),
                    chats.query(
                            "select messages = '%s' from public.chat_sessions where id = '%s'".formatted(array, id)));
            migrate(chats);
            chats.send(submit(id.toString(), "new", "Nice?"));
            var seen = chats.model().prompts().getLast().messages();
            assertEquals(1, seen.getFirst().images().size());
            assertTrue(seen.get(1).content().startsWith("[Tool time was called with"), seen.toString());
            String question =
                    chats.query("select id from messages where seq = 1").getFirst();
            String edited = five.replace("Look", "See");
            Answer answer = chats.send("""
                    {"id": "%1$s", "messages": [{"id": "%2$s", "role": "user", "parts": %3$s}], "messageId": "%2$s"}""".formatted(id, question, edited));
            assertEquals(200, answer.status(), answer.body());
            for (Action action : List.of(Action.ROLLBACK, Action.MIGRATE)) {
                run(chats.world().database(), action);
                assertEquals(JSON.readTree(edited), parts(chats, id).path(0), action.name());
            }
            assertEquals(
                    200, chats.send(edit(id.toString(), question, "Without")).status());
            for (Action action : List.of(Action.ROLLBACK, Action.MIGRATE)) {
                run(chats.world().database(), action);
                assertEquals(
                        "[{\"type\":\"text\",\"text\":\"Without\"}]",
                        parts(chats, id).path(0).toString(),
                        action.name());
            }
        }
    }

    private static JsonNode parts(Chats chats, UUID conversation) {
        var call = Call.get("/api/conversations/" + conversation).query("format", "ui-messages");
        ArrayNode all = JSON.createArrayNode();
        chats.api()
                .call(call.as(chats.ada()))
                .json()
                .path("messages")
                .forEach(message -> all.add(message.path("parts")));
        return all;
    }

    @Test
    void goesOnWithAConversationOfTheOldApplication() throws SQLException {
        try (var chats = before(Script.says("Hello"))) {
            UUID id = session(chats, """
                    '[{"id": "1", "role": "user", "content": "Old"}, {"id": "2", "role": "assistant", "content": "Answer"}, 7]'""");
            Answer answer = chats.send("{\"message\": \"New\", \"conversation_id\": \"%s\"}".formatted(id), "key-1");
            assertEquals(200, answer.status(), answer.body());
            assertEquals("Hello", answer.json().at("/message/content").asText());
            assertEquals(3, chats.model().prompts().getFirst().messages().size());
            assertEquals(List.of("5"), chats.query("select jsonb_array_length(messages) from chat_sessions"));
            Answer again = chats.send("{\"message\": \"New\", \"conversation_id\": \"%s\"}".formatted(id), "key-1");
            assertEquals("Hello", again.json().at("/message/content").asText(), again.body());
            assertEquals(1, chats.model().calls());
            assertEquals(
                    404,
                    chats.api()
                            .call(Call.post(
                                            "/api/chat",
                                            "{\"message\": \"Mine?\", \"conversation_id\": \"%s\"}".formatted(id))
                                    .as(chats.world().bob()))
                            .status());
        }
    }

    @Test
    void goesOnInsideAColumnThatWrapsItsArray() throws SQLException {
        String list = "[{\"id\": \"1\", \"role\": \"user\", \"parts\": [{\"type\": \"text\", \"text\": \"Old\"}]}]";
        for (String column : List.of("to_jsonb('%s'::text)", "jsonb_build_object('n', 1, 'messages', '%s'::jsonb)")) {
            try (var chats = before(Script.says("Hello"))) {
                UUID id = session(chats, column.formatted(list));
                Answer answer = chats.send("{\"message\": \"New\", \"conversation_id\": \"%s\"}".formatted(id));
                assertEquals(200, answer.status(), answer.body());
                assertEquals(
                        List.of(ChatMessage.user("Old\n\nNew")),
                        chats.model().prompts().getFirst().messages());
                assertEquals(List.of("f"), chats.query("select jsonb_typeof(messages) = 'array' from chat_sessions"));
                assertEquals(
                        List.of("Old", "New", "Hello"),
                        chats.query("select content from chat_sessions s"
                                + " cross join history.elements(s.messages, s.id, now()) order by seq"));
            }
        }
    }

    @Test
    void appendsToAColumnThatIsNoArray() throws SQLException {
        try (var chats = before(Script.says("Hello"))) {
            for (String column : List.of("null", "'null'", "'{\"a\": 1}'")) {
                UUID id = session(chats, column);
                Answer answer = chats.send("{\"message\": \"New\", \"conversation_id\": \"%s\"}".formatted(id));
                assertEquals(200, answer.status(), answer.body());
                String length = column.contains("a") ? "3" : "2";
                assertEquals(
                        List.of(length),
                        chats.query("select jsonb_array_length(messages) from chat_sessions where id = '" + id + "'"));
            }
        }
    }

    @Test
    void takesUpAFailedTurn() {
        try (var chats =
                before(Script.says("He").thenFails(new ModelFailure.Failed("It broke")), Script.says("Hello"))) {
            assertTrue(chats.send(submit(CHAT, "m1", "Hi")).body().contains("It broke"));
            assertEquals(List.of("user: Hi"), chats.query(ELEMENTS));
            assertTrue(chats.send(submit(CHAT, "m1", "Hi")).body().contains("Hello"));
            assertEquals(List.of("user: Hi", "assistant: Hello"), chats.query(ELEMENTS));
        }
    }

    @Test
    void makesNothingAgainThatWasDeleted() {
        try (var chats = before(Script.says("Hello"), Script.says("Again"))) {
            var sent = chats.send("{\"message\": \"Hi\"}", "key-1").json();
            var conversation =
                    "/api/conversations/" + sent.path("conversation_id").asText();
            assertEquals(
                    204,
                    chats.api().call(Call.delete(conversation).as(chats.ada())).status());
            Answer again = chats.send("{\"message\": \"Hi\"}", "key-1");
            assertEquals(410, again.status(), again.body());
            assertEquals(List.of(), chats.query(ELEMENTS));
        }
    }

    @Test
    void saysThatTheMigrationIsPendingForEverythingElse() {
        try (var chats = before(Script.says("Hello"))) {
            chats.send(submit(CHAT, "m1", "Hi"));
            assertEquals(503, chats.send(edit(CHAT, "m1", "Ho")).status());
            assertEquals(503, chats.send(regenerate(CHAT, "m1", "Hi")).status());
            assertEquals(
                    503,
                    chats.api()
                            .call(Call.get("/api/chat/" + CHAT + "/stream").as(chats.ada()))
                            .status());
            assertEquals(1, chats.model().calls());
        }
    }

    @Test
    void losesNothingWhenTheMigrationComesBetweenTheMessageAndItsAnswer() throws Exception {
        var migrated = new CountDownLatch(1);
        try (var chats = before(Script.says("Hello").onlyAfter(migrated), Script.says("Again"))) {
            var answer = chats.sendLater(submit(CHAT, "m1", "Hi"));
            Chats.await(() -> chats.model().calls() == 1);
            migrate(chats);
            migrated.countDown();
            assertTrue(
                    answer.get().body().contains("\"type\":\"finish\""),
                    answer.get().body());
            assertEquals(List.of("user: Hi", "assistant: Hello (completed)"), chats.rows());

            Answer retried = chats.send(submit(CHAT, "m1", "Hi"));
            assertTrue(retried.body().contains("Hello"), retried.body());
            chats.send(submit(CHAT, "m2", "And?"));
            assertEquals(2, chats.model().calls());
            assertEquals(
                    List.of("user: Hi", "assistant: Hello (completed)", "user: And?", "assistant: Again (completed)"),
                    chats.rows());
            assertEquals(
                    List.of("user: Hi", "assistant: Hello", "user: And?", "assistant: Again"), chats.query(ELEMENTS));
        }
    }

    /** Between the switch and the backfill the old messages are elements still. */
    @Test
    void goesOnWithAConversationThatIsNotConvertedYet() throws Exception {
        try (var chats = before(Script.says("Hello"))) {
            UUID element = UUID.randomUUID();
            UUID id = session(chats, """
                    '[{"id": "1", "role": "user", "content": "Old"}, {"id": "%s", "role": "assistant", "content": "Answer"}]'""".formatted(element));
            migrate(chats);
            chats.world().execute("""
                    set session_replication_role = replica;
                    alter table conversations alter last_seq drop not null, alter message_count drop not null;
                    delete from messages;
                    update conversations set last_seq = null, message_count = null;
                    """);
            assertEquals(List.of(), chats.rows());
            var message = Call.get("/api/conversations/" + id + "/messages/" + element);
            assertEquals(200, chats.api().call(message.as(chats.ada())).status());
            String old = chats.api()
                    .call(Call.get("/api/conversations/" + id).as(chats.ada()).query("format", "ui-messages"))
                    .json()
                    .at("/messages/0/id")
                    .asText();
            Answer answer = chats.send("{\"message\": \"New\", \"conversation_id\": \"%s\"}".formatted(id));
            assertEquals(200, answer.status(), answer.body());
            assertEquals(
                    List.of(
                            ChatMessage.user("Old"),
                            new ChatMessage(ChatMessage.Role.ASSISTANT, "Answer"),
                            ChatMessage.user("New")),
                    chats.model().prompts().getLast().messages());
            assertEquals(
                    List.of("user: Old", "assistant: Answer", "user: New", "assistant: Hello (completed)"),
                    chats.rows());
            Answer edited = chats.send(edit(id.toString(), old, "Edited"));
            assertEquals(200, edited.status(), old + edited.body());
            assertEquals(List.of("user: Edited", "assistant: Hello (completed)"), chats.rows());
        }
    }

    @Test
    void losesNothingWhenTheMigrationIsRolledBackBetweenThem() throws Exception {
        var rolledBack = new CountDownLatch(1);
        try (var chats = before(Script.says("Hello").onlyAfter(rolledBack))) {
            migrate(chats);
            var answer = chats.sendLater(submit(CHAT, "m1", "Hi"));
            Chats.await(() -> chats.model().calls() == 1);
            run(chats.world().database(), Action.ROLLBACK);
            assertEquals(List.of("r"), chats.query("select relkind from pg_class where relname = 'chat_sessions'"));
            rolledBack.countDown();
            assertTrue(
                    answer.get().body().contains("\"type\":\"finish\""),
                    answer.get().body());
            assertEquals(List.of("user: Hi", "assistant: Hello"), chats.query(ELEMENTS));
        }
    }
}
