package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import history.aws.SecretsManager;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EntryTest {
    @Test
    void reportsJsonOnStandardOutputAndNothingElse() throws Exception {
        try (var database = PostgresServer.shared(PostgresVersion.V18).createDatabase()) {
            var command = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
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
    @ValueSource(
            strings = {
                "migrate --confirm x",
                "status --confirm x",
                "complete --confirm",
                "status --fresh",
                "verify --user a0000000-0000-4000-8000-000000000001",
                "erase --user",
                "erase --user a0000000-0000-4000-8000-00000000000",
                "prune --tenant 1-1-1-1-1",
                "erase --user --json",
                "prune --file x"
            })
    void runsNothingThatItDoesNotUnderstand(String arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MigrationCommand.class.getName()));
        command.addAll(List.of(arguments.split(" ")));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("DATABASE_URL", "postgresql://ada@127.0.0.1:1/chat");
        var process = builder.start();

        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(2, process.waitFor(), said);
        assertTrue(said.matches("[^\n]+(; n|\\. N)othing was run\\.\n"), said);
    }

    /** Nothing that an event says is passed over. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'action':'erase','user':'a0000000-0000-4000-8000-00000000000'}",
                "{'action':'erase','user':null}",
                "{'action':'erase','user':'a0000000-0000-4000-8000-000000000001','tenant_id':'a0000000-0000-4000-8000-000000000001'}",
                "{'action':'prune','user':'a0000000-0000-4000-8000-000000000001'}",
                "{'action':'export','user':'a0000000-0000-4000-8000-000000000001'}",
                "{'action':'migrate','confirm':'x'}",
                "{'action':'verify','fresh':true}",
                "{'confirm':'x'}"
            })
    void refusesAnEventThatItDoesNotUnderstand(String event) {
        var refused =
                assertThrows(IllegalArgumentException.class, () -> Order.from(Report.parse(event.replace('\'', '"'))));
        var said = String.valueOf(refused.getMessage());
        assertTrue(said.matches("[^\n]+(; n|\\. N)othing was run\\."), said);
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
        var address = Migration.address(
                Map.of("DATABASE_URL", "postgresql://ada:p%40ss%2F+@db.example.com/chat?sslmode=require"));

        assertEquals("jdbc:postgresql://db.example.com/chat", address.url());
        assertEquals("require", address.properties().getProperty("sslmode"));
        assertEquals("ada", address.properties().getProperty("user"));
        assertEquals("p@ss/+", address.properties().getProperty("password"));
    }

    @Test
    void namesEveryParameterThatIsWrong() {
        for (var form : List.of(
                "postgresql://ada:secret@db.example.com/chat?%s",
                "jdbc:postgresql://db.example.com/chat?user=ada&%s")) {
            var url = form.formatted(
                    "options=-c%20role%3Dx&prepareThreshold=1&sslmode=no-verify&sslrootcert=/no/such.pem");
            var message = String.valueOf(
                    assertThrows(IllegalArgumentException.class, () -> Migration.address(Map.of("DATABASE_URL", url)))
                            .getMessage());
            assertTrue(
                    message.startsWith("DATABASE_URL has parameters that are not allowed: options, prepareThreshold; "),
                    message);
            assertTrue(
                    message.contains("it has sslmode=no-verify") && message.contains("it has sslrootcert=/no"),
                    message);
            assertTrue(!message.contains("secret"), message);
        }
    }

    @Test
    void readsASecretWithEachConnection() throws Exception {
        try (var aws = new SecretsManager()) {
            var environment = new HashMap<>(aws.keys());
            environment.put("DATABASE_URL", "postgresql://db.example.com:6000/chat");
            environment.put("DATABASE_SECRET", SecretsManager.arn("db"));
            var address = Migration.address(environment);
            assertEquals(0, aws.reads());

            var missing = assertThrows(SQLException.class, () -> Session.login(address, 0));
            assertTrue(String.valueOf(missing.getMessage()).contains("ResourceNotFoundException"), missing::toString);

            for (var password : List.of("first", "second")) {
                aws.put(SecretsManager.arn("db"), "{\"username\":\"ada\",\"password\":\"" + password + "\"}");
                var login = Session.login(address, 0);
                assertEquals("ada " + password, login.getProperty("user") + " " + login.getProperty("password"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "hush, hush",
        "postgresql://history_functions.ref:p%40ss@pooler.example.com:6543/postgres, p@ss",
        "postgresql://history_functions@db.example.com/chat, ''",
        "'', ''"
    })
    void givesTheFunctionsThePasswordThatTheyHave(String given, String password) {
        assertEquals(
                password,
                FunctionsPassword.from(Map.of("FUNCTIONS_PASSWORD", given)).given());
    }

    @Test
    void saysThatASecretNeedsARole() {
        var environment = Map.of("DATABASE_URL", "postgresql://db.example.com/chat", "DATABASE_SECRET", "db");
        var message = assertThrows(IllegalArgumentException.class, () -> Migration.address(environment))
                .getMessage();
        assertTrue(String.valueOf(message).contains("AWS_CONTAINER_CREDENTIALS_FULL_URI"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "x.abc.eu-central-1.rds.amazonaws.com, '', verify-full, roots",
        "x.abc.eu-central-1.rds.amazonaws.com, sslmode=require, require, ''",
        "db.ref.supabase.co, '', verify-full, roots",
        "db.example.com, application_name=x, require, ''",
        "db.example.com, sslmode=verify-full, verify-full, java",
        "127.0.0.1, tcpKeepAlive=true, prefer, ''"
    })
    void knowsTheRootsOfTheHost(String host, String query, String mode, String roots) {
        for (var form : List.of("postgresql://ada@%s:6000/chat?%s", "jdbc:postgresql://%s/chat?user=ada&%s")) {
            var properties = Migration.address(Map.of("DATABASE_URL", form.formatted(host, query)))
                    .properties();
            assertEquals(mode, properties.getProperty("sslmode", ""));
            assertEquals("roots".equals(roots), properties.containsKey("sslrootcert"));
            assertEquals("java".equals(roots), properties.containsKey("sslfactory"));
        }
    }

    @Test
    void refusesAnActionItDoesNotKnow() {
        assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class, () -> Action.named("drop"))
                        .getMessage())
                .contains("use one of status, prepare, migrate"));
    }
}
