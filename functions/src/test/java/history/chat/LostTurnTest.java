package history.chat;

import static history.chat.UserMessages.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import history.chat.model.ModelFailure;
import history.chat.model.ScriptedModel;
import history.chat.model.ScriptedModel.Script;
import history.fixture.Answer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An end that cannot be stored as the answer says why, and a turn that failed names what was created. */
class LostTurnTest {
    private static final String CHAT = "fxdiMJBq7aYLXZRi";

    private final Logger logger = Logger.getLogger("history.chat");
    private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().equals(Level.SEVERE)) {
                errors.add(entry.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(handler);
    }

    /** What the client hears when that happens while the model speaks. */
    private static Answer lost(Chats chats, String what) throws Exception {
        var sent = chats.sendLater(submit(CHAT, "m1", "Hi"));
        Chats.await(() -> chats.rows().contains("assistant: Hel (running)"));
        chats.world().execute(what);
        return sent.get();
    }

    private static Chats neverEnding() {
        return Chats.with(
                Map.of("CHAT_TIMEOUT_SECONDS", "3"),
                new ScriptedModel(Script.says("Hel").thenWaitsFor(new CountDownLatch(1))));
    }

    @Test
    void aRevokedMembershipEndsTheTurnAndItsRowIsNotRunningAnyMore() throws Exception {
        try (var chats = neverEnding()) {
            var answer = lost(
                    chats,
                    "delete from tenant_users where user_id = '" + chats.ada().userId() + "'");
            assertTrue(answer.body().contains("You are not a member"), answer.body());
            assertEquals(
                    List.of("incomplete Hel"),
                    chats.query("select status || ' ' || content from messages where role = 'assistant'"));
            assertEquals(List.of("0"), chats.query("select count(*) from messages where lease_until is not null"));
            assertTrue(errors.peek().contains("You are not a member"), errors::toString);
        }
    }

    @Test
    void aDeletedConversationIsNotFoundAndNoError() throws Exception {
        try (var chats = neverEnding()) {
            var answer = lost(chats, "delete from conversations");
            assertTrue(answer.body().contains("or this message is not there any more"), answer.body());
            assertTrue(errors.isEmpty(), errors::toString);
        }
    }

    /** Its call of the model ends, and what it said is not shown under the chat id that both have. */
    @Test
    void anAnswerOfADeletedConversationIsNotInTheNextOne() throws Exception {
        var model =
                new ScriptedModel(Script.says("Hel").thenWaitsFor(new CountDownLatch(1)), Script.says("Hello again"));
        try (var chats = Chats.with(Map.of(), model)) {
            var sent = chats.sendLater(submit(CHAT, "m1", "Hi"));
            Chats.await(() -> chats.rows().contains("assistant: Hel (running)"));
            chats.world().execute("delete from conversations");
            chats.send(submit(CHAT, "m1", "Hi"));
            assertTrue(
                    sent.get().body().contains("or this message is not there any more"),
                    sent.get().body());
            assertEquals(List.of("Hi", "Hello again"), chats.query("select content from messages order by seq"));
            assertTrue(errors.isEmpty(), errors::toString);
        }
    }

    @Test
    void aDroppedPolicyIsNoOtherRequestAndLogged() throws Exception {
        try (var chats = neverEnding()) {
            var answer = lost(chats, "drop policy own_update on conversations");
            assertTrue(answer.body().contains("name the request id"), answer.body());
            assertTrue(errors.peek().contains("the policies hide"), errors::toString);
            errors.clear();
            assertEquals(500, chats.send(submit(CHAT, "m2", "And?")).status(), "not 404");
        }
    }

    @Test
    void oneThatAnotherRequestHasTakenUpIsAConflictAndNoError() throws Exception {
        try (var chats = neverEnding()) {
            var answer = lost(
                    chats,
                    "update messages set lease_until = null, current = false, status = 'failed' where status = 'running'");
            assertTrue(answer.body().contains("Another request is answering"), answer.body());
            assertTrue(errors.isEmpty(), errors::toString);
        }
    }

    @Test
    void aFailureNamesWhatWasCreatedInEachDialect() throws Exception {
        var broken = Script.says("Hel").thenFails(new ModelFailure.Failed("It broke"));
        try (var chats = Chats.with(Map.of(), new ScriptedModel(broken))) {
            var problem = chats.send("{\"message\": \"Hi\"}").json();
            assertNames(
                    chats,
                    problem.path("conversation_id").asText(),
                    problem.path("message_id").asText());
            assertEquals(
                    List.of("Hi"),
                    chats.query("select content from messages where id = '"
                            + problem.path("user_message_id").asText() + "'"));
            var events = chats.send("{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}")
                    .body()
                    .split("\n\n", -1);
            var last = events[events.length - 2];
            for (var event : List.of(events[0], last)) {
                var json = new JsonMapper().readTree(event.substring("data: ".length()));
                assertNames(
                        chats,
                        json.path("conversationId").asText(),
                        json.path("messageId").asText());
            }
            assertTrue(last.contains("\"status\":\"error\""), last);
            var start = new JsonMapper()
                    .readTree(chats.send(submit(CHAT, "m1", "Hi"))
                            .body()
                            .split("\n\n", 2)[0]
                            .substring("data: ".length()));
            assertNames(
                    chats,
                    start.path("messageMetadata").path("conversationId").asText(),
                    start.path("messageId").asText());
        }
    }

    private static void assertNames(Chats chats, String conversation, String message) {
        assertFalse(conversation.isEmpty() || message.isEmpty());
        assertEquals(
                List.of("assistant Hel"),
                chats.query("select role || ' ' || content from messages where id = '%s' and conversation_id = '%s'"
                        .formatted(message, conversation)));
    }
}
