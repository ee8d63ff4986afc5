package history.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import history.fixture.World;
import history.local.SamEvents;
import history.postgres.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The zips that are deployed, under Amazon's own runtime client, with the events of {@code docs/sam}. */
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

    /** In an order in which each has what it needs. */
    @ParameterizedTest
    @CsvSource({
        "Chat, chat.ChatHandler, 200",
        "ListConversations, conversation.ListConversationsHandler, 200",
        "GetConversation, conversation.GetConversationHandler, 200",
        "GetMessage, conversation.GetMessageHandler, 200",
        "PatchConversation, conversation.PatchConversationHandler, 200",
        "ResumeChat, chat.ResumeChatHandler, 204",
        "StopChat, chat.StopChatHandler, 204",
        "DeleteMessage, conversation.DeleteMessageHandler, 204",
        "DeleteConversation, conversation.DeleteConversationHandler, 204",
        "CreateConversation, conversation.CreateConversationHandler, 201"
    })
    void answersUnderTheRuntimeClient(String event, String handler, int status) throws Exception {
        Files.deleteIfExists(DeployedZip.log("history." + handler));
        try (var api = new RuntimeApi()) {
            Process function = zip.start("history." + handler, api, WORLD.environment());
            try {
                JsonNode answer = new JsonMapper().readTree(api.invoke(event(event)));
                assertEquals(status, answer.path("statusCode").asInt(), answer.toString());
                assertTrue(answer.at("/headers/cache-control").asText().contains("no-store"), answer.toString());
                JsonNode again = new JsonMapper().readTree(api.invoke("{\"version\":\"2.0\"}"));
                assertEquals(401, again.path("statusCode").asInt(), again.toString());
            } finally {
                function.destroyForcibly().waitFor();
            }
        }
        var log = Files.readAllLines(DeployedZip.log("history." + handler)).stream()
                .dropWhile(line -> !line.startsWith("{")) // what the virtual machine says of the client's native code
                .toList();
        assertTrue(
                log.stream().allMatch(line -> line.startsWith("{\"timestamp\":") && line.endsWith("}")), log::toString);
        assertTrue(log.stream().anyMatch(line -> line.contains("Conversation History 1.0.0-SNAPSHOT")), log::toString);
        assertTrue(log.stream().anyMatch(line -> line.contains("\"status\":401")), log::toString);
        assertTrue(log.stream().anyMatch(line -> line.contains("\"start\":\"cold\"")), log::toString);
    }

    @Test
    void migratesUnderTheRuntimeClient(@TempDir Path folder) throws Exception {
        try (var database = WORLD.database().server().createDatabase();
                var api = new RuntimeApi();
                var sql = Objects.requireNonNull(getClass().getResourceAsStream("/history/migration/phase_0.sql"))) {
            database.execute(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
            api.limit(Duration.ofMinutes(15));
            var migration = DeployedZip.of(Path.of("../migration-function/target/migration-function.zip"), folder);
            Process function = migration.start(
                    "history.migration.MigrationHandler", api, database.environment(PostgresServer.SUPERUSER));
            try {
                for (var action : List.of("status", "prepare", "migrate", "check", "verify", "rollback", "migrate")) {
                    var report = new JsonMapper().readTree(api.invoke(event("Migration-" + action)));
                    assertEquals(action, report.path("action").asText(), report.toString());
                    assertEquals("1.0.0-SNAPSHOT", report.path("version").asText());
                }
                // Its confirmation is of another database.
                var refused = api.invoke(event("Migration-complete"));
                assertTrue(refused.startsWith("error at") && refused.contains("drop 0 arrays"), refused);
            } finally {
                function.destroyForcibly().waitFor();
            }
        }
    }

    private static String event(String name) throws IOException {
        return Files.readString(Path.of("../docs/sam", name + ".json"))
                .replace("Bearer " + SamEvents.TOKEN, String.valueOf(WORLD.ada().bearer()));
    }
}
