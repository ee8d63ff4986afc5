package history.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.chat.KilledFunction.Moment;
import history.chat.model.ScriptedModel;
import history.chat.model.ScriptedModel.Script;
import history.fixture.Answer;
import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that is killed with SIGKILL in the middle of a turn, and the next request of the same message. */
@Timeout(90)
class KilledFunctionTest {
    private static final String BODY = "{\"message\": \"Hi\"}";

    @ParameterizedTest
    @EnumSource
    void isRecognisedAsDeadAndItsTurnIsTakenUp(Moment moment) throws Exception {
        var model = new ScriptedModel(Script.says("Hello"));
        try (var chats = Chats.with(Map.of("CHAT_TIMEOUT_SECONDS", "4"), model)) {
            kill(chats, moment);
            String partial = moment == Moment.WHILE_IT_SPEAKS ? "Hel" : "";
            assertEquals(List.of("user: Hi", "assistant: " + partial + " (running)"), chats.rows());

            Answer early = chats.send(BODY, "key");
            assertEquals(409, early.status(), early.body());
            assertTrue(early.header("retry-after").isPresent());

            Chats.await(() -> chats.send(BODY, "key").status() == 200);
            assertEquals(List.of("user: Hi", "assistant: Hello (completed)"), chats.rows());
            assertEquals(1, model.calls());
            assertEquals(
                    List.of(partial.isEmpty() ? "assistant:  (failed)" : "assistant: Hel (incomplete)"),
                    chats.replaced());
        }
    }

    private static void kill(Chats chats, Moment moment) throws Exception {
        var builder = new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                KilledFunction.class.getName(),
                moment.name(),
                BODY,
                String.valueOf(chats.ada().bearer()));
        builder.environment().clear();
        builder.environment().putAll(chats.environment());
        builder.environment().put("CLASSPATH", classPath());
        var process =
                builder.redirectError(new File("target", "killed-function.log")).start();
        try (var connection = chats.world().database().connect("postgres");
                var statement = connection.createStatement();
                BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("asked", output.readLine());
            switch (moment) {
                case BEFORE_IT_SPEAKS -> {}
                case WHILE_IT_SPEAKS -> Chats.await(() -> chats.rows().contains("assistant: Hel (running)"));
                case WHEN_IT_HAS_SPOKEN -> {
                    // The function cannot store the answer while somebody else holds the conversation.
                    connection.setAutoCommit(false);
                    statement.execute("select from public.conversations for update");
                    process.outputWriter().append('\n').flush();
                    assertEquals("answered", output.readLine());
                }
            }
            process.destroyForcibly().waitFor();
        }
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
