package history.chat;

import static history.chat.UserMessages.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.chat.model.ModelFailure;
import history.chat.model.ScriptedModel;
import history.chat.model.ScriptedModel.Script;
import history.fixture.Answer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Whatever the model or the database does: the message is there, nothing is there twice, and the state says what happened. */
class FailureTest {
    private static final String CHAT = "fxdiMJBq7aYLXZRi";

    @Test
    void aSilentModelIsGivenUp() {
        var never = new CountDownLatch(1);
        var model = new ScriptedModel(Script.says("late").onlyAfter(never), Script.says("Hello"));
        try (var chats = Chats.with(Map.of("CHAT_TIMEOUT_SECONDS", "1"), model)) {
            Answer answer = chats.send("{\"message\": \"Hi\"}", "key");
            assertEquals(504, answer.status(), answer.body());
            assertEquals(List.of("user: Hi", "assistant:  (failed)"), chats.rows());
            assertEquals(
                    List.of("The model took too long"),
                    chats.query("select metadata ->> 'reason' from messages where role = 'assistant'"));
            assertEquals(200, chats.send("{\"message\": \"Hi\"}", "key").status());
            assertEquals(List.of("user: Hi", "assistant: Hello (completed)"), chats.rows());
        }
    }

    @Test
    void anAnswerThatIsCutOffIsKeptAndTakenUpAgain() {
        var broken = Script.says("Hel").thenFails(new ModelFailure.Failed("The connection broke"));
        try (var chats = Chats.with(broken, Script.says("Hello"))) {
            Answer answer = chats.send(submit(CHAT, "m1", "Hi"));
            assertTrue(answer.body().contains("\"delta\":\"Hel\""), answer.body());
            assertTrue(
                    answer.body().contains("{\"type\":\"error\",\"errorText\":\"The connection broke."), answer.body());
            assertFalse(answer.body().contains("\"finish\""), "an end that looks like success: " + answer.body());
            assertEquals(List.of("user: Hi", "assistant: Hel (incomplete)"), chats.rows());
            chats.send(submit(CHAT, "m1", "Hi"));
            assertEquals(List.of("user: Hi", "assistant: Hello (completed)"), chats.rows());
            assertEquals(List.of("assistant: Hel (incomplete)"), chats.replaced());
        }
    }

    @Test
    void aModelThatSaysNothingHasFailed() {
        try (var chats = Chats.with(Script.says())) {
            Answer answer = chats.send("{\"message\": \"Hi\"}");
            assertEquals(502, answer.status(), answer.body());
            assertEquals(List.of("user: Hi", "assistant:  (failed)"), chats.rows());
        }
    }

    @Test
    void whatTheDatabaseCannotHoldDoesNotSpoilTheAnswer() {
        try (var chats = Chats.with(Script.says("a\ud83d", "\ude00", "\u0000b\udc00", "c\ud83d"))) {
            Answer answer = chats.send(submit(CHAT, "m1", "Hi"));
            assertTrue(answer.body().contains("\"delta\":\"😀\""), answer.body());
            assertEquals(List.of("user: Hi", "assistant: a😀bc (completed)"), chats.rows());
        }
    }

    @Test
    void fiveMegabytesAreAnAnswer() {
        String[] pieces = new String[5_000];
        java.util.Arrays.fill(pieces, "x".repeat(999) + "\n");
        try (var chats = Chats.with(Script.says(pieces))) {
            Answer answer = chats.send(submit(CHAT, "m1", "Hi"));
            assertTrue(answer.body().endsWith("data: [DONE]\n\n"));
            assertEquals(
                    List.of("5000000"), chats.query("select length(content) from messages where role = 'assistant'"));
        }
    }

    @Test
    void aDatabaseThatIsAwayForAMomentIsWaitedFor() throws Exception {
        var gone = new CountDownLatch(1);
        try (var chats = Chats.with(Script.says("Hello").onlyAfter(gone))) {
            var answer = chats.sendLater(submit(CHAT, "m1", "Hi"));
            Chats.await(() -> chats.model().calls() == 1);
            shut(chats);
            gone.countDown();
            Chats.await(() -> refused(chats));
            open(chats);
            assertTrue(answer.get().body().contains("\"finish\""), answer.get().body());
            assertEquals(List.of("user: Hi", "assistant: Hello (completed)"), chats.rows());
        }
    }

    @Test
    void aDatabaseThatStaysAwayIsAnErrorAndTheTurnIsTakenUpLater() throws Exception {
        var gone = new CountDownLatch(1);
        var model = new ScriptedModel(Script.says("Lost").onlyAfter(gone), Script.says("Hello"));
        try (var chats = Chats.with(Map.of("CHAT_TIMEOUT_SECONDS", "1"), model)) {
            var answer = chats.sendLater(submit(CHAT, "m1", "Hi"));
            Chats.await(() -> model.calls() == 1);
            shut(chats);
            gone.countDown();
            assertTrue(
                    answer.get().body().contains("\"type\":\"error\""),
                    answer.get().body());
            open(chats);
            assertEquals(List.of("user: Hi", "assistant:  (running)"), chats.rows());
            Chats.await(() -> chats.send(submit(CHAT, "m1", "Hi")).status() == 200);
            assertEquals(List.of("user: Hi", "assistant: Hello (completed)"), chats.rows());
            assertEquals(2, model.calls());
        }
    }

    private static void shut(Chats chats) throws Exception {
        String name = chats.world().database().name();
        admin(chats, "alter database %s with allow_connections false".formatted(name));
        admin(chats, "select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'".formatted(name));
    }

    private static void open(Chats chats) throws Exception {
        admin(
                chats,
                "alter database %s with allow_connections true"
                        .formatted(chats.world().database().name()));
    }

    private static boolean refused(Chats chats) {
        return chats.send("{\"message\": \"Anybody there?\"}").status() == 503;
    }

    private static void admin(Chats chats, String sql) throws Exception {
        try (var connection = chats.world().database().server().connect("postgres", "postgres");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
