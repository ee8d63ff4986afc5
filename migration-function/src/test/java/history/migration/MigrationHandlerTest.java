package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the function says to those who watch it. */
final class MigrationHandlerTest {
    private static final String ONE_THAT_IS_NO_MESSAGE = """
            insert into chat_sessions (tenant_id, user_id, messages)
            values ('%s', '%s', '[{"role": "user", "content": "q"}, {"role": "tool", "content": "t"}]')""".formatted(OldDatabase.TENANT_A, OldDatabase.ADA);

    @Test
    void eachCallSaysWhetherAnythingIsLeftToDo() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.SUPERUSER)) {
            old.execute(ONE_THAT_IS_NO_MESSAGE);
            var environment = old.database().environment("postgres");
            assertEquals("none 0 0", counted(call(environment, "status")));
            old.succeed(Action.PREPARE);
            assertEquals("prepared 0 0", counted(call(environment, "status")));
            old.execute("select history.expand()");
            assertEquals("expanded 1 0", counted(call(environment, "status")), "somebody must call migrate");
            assertEquals("migrated 0 1", counted(call(environment, "migrate")));
            old.execute("delete from chat_sessions");
            assertEquals("migrated 0 0", counted(call(environment, "status")));
        }
    }

    @Test
    void aDatabaseThatIsAwayTellsNothingOfItsQuarantine() throws Exception {
        var line = call(Map.of("DATABASE_URL", "postgresql://ada@127.0.0.1:1/chat"), "status");
        assertEquals("unknown 1 ", counted(line));
        assertEquals(1, line.at("/_aws/CloudWatchMetrics/0/Metrics").size());
    }

    /** The line of a call, which succeeds or fails. */
    private static JsonNode call(Map<String, String> database, String action) throws Exception {
        var environment = new HashMap<>(database);
        environment.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/history-migration");
        var handler = new MigrationHandler(environment);
        var context = (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (_, _, _) -> 900_000);
        var event =
                new ByteArrayInputStream("{\"action\":\"%s\"}".formatted(action).getBytes(StandardCharsets.UTF_8));
        var before = System.out;
        var said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            handler.handleRequest(event, new ByteArrayOutputStream(), context);
        } catch (IllegalStateException aPersonIsNeeded) {
            assertTrue(
                    String.valueOf(aPersonIsNeeded.getMessage()).contains("cannot be used"), aPersonIsNeeded::toString);
        } finally {
            System.setOut(before);
        }
        var line = new ObjectMapper().readTree(said.toString(StandardCharsets.UTF_8));
        assertEquals("history-migration", line.path("service").asText());
        assertEquals(
                "[[\"service\"]]",
                line.at("/_aws/CloudWatchMetrics/0/Dimensions").toString());
        for (var metric : line.at("/_aws/CloudWatchMetrics/0/Metrics")) {
            assertTrue(line.path(metric.path("Name").asText()).isInt(), line::toString);
        }
        assertTrue(line.at("/_aws/Timestamp").isLong(), line::toString);
        return line;
    }

    private static String counted(JsonNode line) {
        return line.path("phase").asText() + " " + line.path("unfinished").asText() + " "
                + line.path("quarantined").asText();
    }
}
