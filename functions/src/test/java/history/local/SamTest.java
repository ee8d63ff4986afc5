package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import history.fixture.Api;
import history.fixture.Call;
import history.migration.Action;
import history.migration.Migration;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that {@code sam local} is given: the events of the folder {@code sam}, and what the local run writes for containers. */
final class SamTest {
    private static final Path FOLDER = Path.of("../docs/sam");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void theEventsAreThoseOfTheTypesOfTheLibrary() throws Exception {
        var written = new TreeMap<String, String>();
        try (var files = Files.list(FOLDER)) {
            for (var file : files.toList()) {
                written.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        var made = SamEvents.of(Template.read(Path.of("../template.yaml")));
        for (var event : made.entrySet()) {
            var file = Path.of("target/sam").resolve(event.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, event.getValue());
        }
        assertEquals(new TreeMap<>(made), written, "those of target/sam are right");
    }

    @Test
    void aContainerReachesTheDatabaseWithItsPasswordAlone() throws Exception {
        var address = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(it -> it instanceof Inet4Address && !it.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .findFirst()
                .orElse("");
        assumeTrue(!address.isEmpty(), "this machine has no address but the loopback");
        var settings = Map.of("PORT", "0", "LOCAL_DATA_DIR", folder.toString(), "LOCAL_CONTAINERS", address);
        try (var run = LocalRun.start(Path.of("../template.yaml"), settings)) {
            var file = folder.resolve("sam.json");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            // On a container's way the name is the address.
            var variables =
                    new ObjectMapper().readTree(Files.readString(file).replace("host.docker.internal", address));
            var functions = strings(variables.path("Parameters"));
            var bearer = "Bearer "
                    + new Client(HttpClient.newHttpClient(), run.url(), "")
                            .login(Client.ADA)
                            .token();
            var answer = new Api(functions).call(Call.get("/api/conversations").header("Authorization", bearer));
            assertEquals(200, answer.status(), answer::body);

            var migration = Migration.of(strings(variables.path("Migration"))).run(Action.STATUS);
            assertTrue(migration.succeeded(), migration::json);

            var refused = assertThrows(
                    SQLException.class,
                    () -> DriverManager.getConnection("jdbc:postgresql://%s:%s/postgres?user=postgres"
                            .formatted(
                                    address,
                                    String.valueOf(functions.get("DATABASE_URL"))
                                            .replaceAll(".*:(\\d+)/.*", "$1"))));
            assertEquals("08004", refused.getSQLState());
        }
    }

    private static Map<String, String> strings(JsonNode object) {
        var strings = new LinkedHashMap<String, String>();
        object.properties()
                .forEach(field -> strings.put(field.getKey(), field.getValue().asText()));
        return strings;
    }
}
