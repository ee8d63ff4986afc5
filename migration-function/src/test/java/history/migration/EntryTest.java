package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EntryTest {
    @Test
    void reportsJsonOnStandardOutputAndNothingElse() throws Exception {
        try (var database = PostgresServer.shared(PostgresVersion.V18).createDatabase()) {
            var command = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    MigrationCommand.class.getName(),
                    "status");
            command.environment().putAll(database.environment("postgres"));
            var process = command.redirectError(ProcessBuilder.Redirect.DISCARD).start();

            var report = new ObjectMapper().readTree(process.getInputStream().readAllBytes());

            assertEquals(0, process.waitFor());
            for (var field : List.of(
                    "action",
                    "phase",
                    "conversations",
                    "elements",
                    "messages",
                    "quarantined",
                    "pending",
                    "quarantined_by_reason",
                    "steps",
                    "findings",
                    "call_again")) {
                assertTrue(report.has(field), field);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mysql://localhost/x", "localhost", "postgresql://", "postgresql://u:p w@h/d"})
    void saysHowADatabaseUrlLooks(String url) {
        var refused = assertThrows(IllegalArgumentException.class, () -> Migration.of(Map.of("DATABASE_URL", url)));

        assertTrue(String.valueOf(refused.getMessage()).contains("DATABASE_URL must be postgresql://"));
        assertTrue(!String.valueOf(refused.getMessage()).contains("p w"));
    }

    @Test
    void readsUserAndPasswordFromTheUrl() {
        var address = DatabaseAddress.from(
                Map.of("DATABASE_URL", "postgresql://ada:p%40ss%2F+@db.example.com/chat?sslmode=require"));

        assertEquals("jdbc:postgresql://db.example.com:5432/chat?sslmode=require", address.url());
        assertEquals("ada", address.properties().getProperty("user"));
        assertEquals("p@ss/+", address.properties().getProperty("password"));
    }

    @Test
    void readsASecretThroughTheExtension() throws Exception {
        var extension = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        extension.createContext("/secretsmanager/get", exchange -> {
            var known = "secretId=prod%2Fdb".equals(exchange.getRequestURI().getRawQuery())
                    && "token".equals(exchange.getRequestHeaders().getFirst("X-Aws-Parameters-Secrets-Token"));
            var body = "{\"SecretString\":\"{\\\"username\\\":\\\"ada\\\",\\\"password\\\":\\\"secret\\\"}\"}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 400, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        extension.start();
        try {
            var address = DatabaseAddress.from(Map.of(
                    "DATABASE_URL",
                    "postgresql://db.example.com:6000/chat",
                    "DATABASE_SECRET",
                    "prod/db",
                    "AWS_SESSION_TOKEN",
                    "token",
                    "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT",
                    Integer.toString(extension.getAddress().getPort())));

            assertEquals("ada", address.properties().getProperty("user"));
            assertEquals("secret", address.properties().getProperty("password"));
        } finally {
            extension.stop(0);
        }
    }

    @Test
    void refusesAnActionItDoesNotKnow() {
        assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class, () -> Action.named("drop"))
                        .getMessage())
                .contains("use one of status, prepare, migrate"));
    }
}
