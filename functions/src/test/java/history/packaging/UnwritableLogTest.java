package history.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.World;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A function whose log cannot be written, in a process of its own: it answers as ever, also when there is much to log. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
final class UnwritableLogTest {
    private static final String HANDLER = "history.chat.ChatHandler::handleRequest";

    private final World world = World.create();
    private final RuntimeApi api = new RuntimeApi();

    UnwritableLogTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        api.close();
        world.close();
    }

    @ParameterizedTest
    @CsvSource({
        "the disk is full, history.runtime.Loop",
        "the disk is full, com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
        "nobody reads, history.runtime.Loop"
    })
    void isNoReasonToFail(String why, String runtime) throws Exception {
        var function = start(runtime, why.equals("nobody reads") ? Redirect.PIPE : Redirect.to(new File("/dev/full")));
        try {
            function.getInputStream().close();
            assertAnswers(200);
            world.execute("alter table public.conversations rename to away");
            assertAnswers(503);
            world.execute("alter table public.away rename to conversations");
            assertAnswers(200);
            assertTrue(function.isAlive());
            assertStored();
        } finally {
            function.destroyForcibly().waitFor();
        }
    }

    private Process start(String runtime, Redirect log) throws IOException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        runtime,
                        HANDLER)
                .redirectErrorStream(true)
                .redirectOutput(log);
        process.environment().putAll(world.environment());
        process.environment()
                .putAll(Map.of(
                        "AWS_LAMBDA_RUNTIME_API", api.address(),
                        "_HANDLER", HANDLER,
                        "AWS_LAMBDA_FUNCTION_NAME", "history",
                        "AWS_LAMBDA_FUNCTION_VERSION", "1",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024",
                        "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/history",
                        "AWS_LAMBDA_LOG_STREAM_NAME", "1",
                        "AWS_REGION", "eu-central-1",
                        "LAMBDA_TASK_ROOT", "."));
        return process.start();
    }

    private void assertAnswers(int status) throws InterruptedException {
        var answer = api.invoke(Events.post("/api/chat", world.ada(), "{\"message\":\"Hi\"}"));
        assertTrue(answer.startsWith("{\"statusCode\":" + status + ","), answer);
    }

    private void assertStored() throws SQLException {
        try (var connection = world.database().connect("postgres");
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select string_agg(role || ' ' || status, ', ' order by seq, conversation_id)"
                                + " from public.messages")) {
            row.next();
            assertEquals("user completed, user completed, assistant completed, assistant completed", row.getString(1));
        }
    }
}
