package history.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import history.fixture.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The zip that is deployed, under Amazon's own runtime client. */
@EnabledOnOs(OS.LINUX)
class DeployedZipPackageTest {
    private static final World WORLD = World.create();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path task;

    @SuppressWarnings("NullAway.Init")
    private static DeployedZip zip;

    @BeforeAll
    static void unzip() throws IOException {
        zip = DeployedZip.in(task);
    }

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @Test
    void isSmallAndHasWhatLambdaLooksFor() throws IOException {
        assertTrue(Files.size(DeployedZip.FILE) < 12_000_000, "the zip has " + Files.size(DeployedZip.FILE) + " bytes");
        assertTrue(Files.exists(task.resolve("history/conversation/ListConversationsHandler.class")));
        try (Stream<Path> jars = Files.list(task.resolve("lib"))) {
            List<String> names = jars.map(jar -> jar.getFileName().toString()).toList();
            assertTrue(
                    names.stream().noneMatch(name -> name.matches(".*(flyway|junit|runtime-interface-client).*")),
                    names::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"conversation.ListConversationsHandler", "chat.ChatHandler"})
    void answersUnderTheRuntimeClient(String handler) throws Exception {
        try (var api = new RuntimeApi()) {
            Process function = zip.start("history." + handler, api, WORLD.environment());
            try {
                JsonNode answer = new JsonMapper().readTree(api.invoke(event(handler)));
                assertEquals(200, answer.path("statusCode").asInt(), answer.toString());
                assertEquals(
                        "no-store", answer.path("headers").path("cache-control").asText());
                JsonNode again = new JsonMapper().readTree(api.invoke("{\"version\":\"2.0\"}"));
                assertEquals(401, again.path("statusCode").asInt(), again.toString());
            } finally {
                function.destroyForcibly().waitFor();
            }
        }
    }

    private static String event(String handler) {
        return handler.startsWith("chat")
                ? Events.post("/api/chat", WORLD.ada(), "{\"message\":\"Hello\"}")
                : Events.get("/api/conversations", WORLD.ada());
    }
}
