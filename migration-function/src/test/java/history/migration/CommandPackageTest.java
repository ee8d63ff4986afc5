package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar as operations run it. */
final class CommandPackageTest {
    private static final Path JAR = Path.of("target/migration-function.jar");
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private record Ended(int exit, String output, String log) {
        JsonNode report() throws IOException {
            return new ObjectMapper().readTree(output);
        }
    }

    @Test
    void saysHowItIsUsedAndRunsNothingWithoutAnAction() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN)) {
            var ended = run(old.environment());

            assertEquals(2, ended.exit);
            assertEquals("", ended.output);
            assertTrue(ended.log.startsWith("Usage: java -jar migration-function.jar <action>"), ended.log);
            assertEquals("null", old.value("select to_regnamespace('history')"));
        }
    }

    @Test
    void explainsEveryAction() throws Exception {
        var help = run(Map.of(), "--help");

        assertEquals(0, help.exit);
        for (var action : Action.values()) {
            assertTrue(help.output.contains("\n  " + action.word() + " "), action.word());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"drop", "--fast", "status migrate", "status --jason"})
    void refusesWhatItDoesNotKnow(String arguments) throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN)) {
            var ended = run(old.environment(), arguments.split(" "));

            assertEquals(2, ended.exit);
            assertEquals("", ended.output);
            assertEquals(1, ended.log.lines().count(), ended.log);
            assertEquals("null", old.value("select to_regnamespace('history')"));
        }
    }

    @Test
    void saysInASentenceWhichDatabaseItWants() throws Exception {
        var ended = run(Map.of("DATABASE_URL", "localhost"), "status");

        assertEquals(2, ended.exit);
        assertTrue(ended.log.startsWith("DATABASE_URL must be postgresql://"), ended.log);
        assertEquals(1, ended.log.lines().count(), ended.log);
    }

    @Test
    void reportsADatabaseThatCannotBeReached() throws Exception {
        var ended = run(Map.of("DATABASE_URL", "postgresql://ada@127.0.0.1:1/chat"), "migrate");

        assertEquals(1, ended.exit);
        var finding = ended.report().path("findings").path(0);
        assertTrue(finding.path("blocks").asBoolean());
        assertTrue(
                finding.path("finding").asText().matches("The database at .+ cannot be used: .+ \\(SQLSTATE 08001\\)"),
                ended.output);
        assertEquals("unknown", ended.report().path("phase").asText());
    }

    @Test
    void writesJsonIntoAPipeAndATableOnATerminal() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN)) {
            var piped = run(old.environment(), "migrate");

            assertEquals(0, piped.exit, piped.log);
            assertEquals("migrated", piped.report().path("phase").asText());
            assertEquals(
                    piped.report().path("version").asText(),
                    piped.report().path("schema_version").asText());
            assertTrue(piped.log.contains("expand       DONE"), piped.log);

            assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "there is no terminal to be had");
            var table = onTerminal(old, "status");
            assertTrue(table.contains("\nphase                migrated"), table);
            assertTrue(table.contains("\nmessages             65"), table);
            assertTrue(table.contains("\nconfirm              drop 19 arrays"), table);
            assertFalse(table.contains("{"), table);
            var json = onTerminal(old, "status --json");
            assertTrue(json.contains("\"phase\":\"migrated\""), json);
        }
    }

    @Test
    void waitsForAnotherRunAndGoesOnUntilItIsDone() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN);
                var other = old.database().connect(old.owner().role());
                var statement = other.createStatement()) {
            statement.execute("select pg_advisory_lock(7310868, 1)");
            var process = start(JAVA, old.environment(), "migrate");
            assertFalse(process.waitFor(9, TimeUnit.SECONDS));

            statement.execute("select pg_advisory_unlock_all()");

            var ended = ended(process);
            assertEquals(0, ended.exit, ended.log);
            assertTrue(ended.log.contains("Another run is in progress"), ended.log);
            assertEquals("migrated", ended.report().path("phase").asText());
        }
    }

    @Test
    void saysInOneSentenceWhatFailedAndTheRestOnlyWhenAsked() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN)) {
            old.execute("""
                    create function no_ddl() returns event_trigger language plpgsql as $$
                    begin raise exception 'DDL is forbidden here' using detail = 'select secret'; end $$;
                    create event trigger frozen on ddl_command_start execute function no_ddl()""");

            var ended = run(old.environment(), "migrate");

            assertEquals(1, ended.exit);
            var failed = ended.report().path("steps").path(1);
            assertEquals("FAILED", failed.path("state").asText());
            assertEquals(
                    "DDL is forbidden here (PL/pgSQL function public.no_ddl() line 2 at RAISE)",
                    failed.path("detail").asText());
            assertFalse(ended.log.contains("select secret"), ended.log);
            var verbose = run(old.environment(), "migrate", "--verbose");
            assertTrue(verbose.log.contains("select secret"), verbose.log);
            old.execute("drop event trigger frozen");
            assertEquals(0, run(old.environment(), "migrate").exit);
        }
    }

    @Test
    void completesWithTheWordsOfStatus() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN)) {
            assertEquals(0, run(old.environment(), "migrate").exit);
            assertEquals(1, run(old.environment(), "complete").exit);
            var confirm =
                    run(old.environment(), "status").report().path("confirm").asText();

            var ended = run(old.environment(), "complete", "--confirm", confirm);

            assertEquals(0, ended.exit, ended.log);
            assertEquals("complete", ended.report().path("phase").asText());
        }
    }

    @Test
    void isReadByEveryJavaAndRefusesAnOldOneInASentence() throws Exception {
        try (var launcher = CommandPackageTest.class.getResourceAsStream("Launcher.class")) {
            assertEquals(52, launcher == null ? 0 : launcher.readNBytes(8)[7]);
        }
        var old = oldJava();
        assumeTrue(old.isPresent(), "there is no older Java here");

        var ended = ended(start(old.get(), Map.of(), "status"));

        assertEquals(2, ended.exit);
        assertEquals("", ended.output);
        assertTrue(
                ended.log.matches("The migration needs Java 25 or newer, and this is Java \\S+ in \\S+\\.\\s+"),
                ended.log);
    }

    private static Optional<Path> oldJava() throws IOException {
        try (var homes = Files.list(Path.of(System.getProperty("java.home")).resolveSibling("."))) {
            return homes.map(home -> home.resolve("bin/java"))
                    .filter(Files::isExecutable)
                    .filter(java -> java.toString().matches(".*\\b(8|11|17|21)\\b.*"))
                    .findFirst();
        }
    }

    private static String onTerminal(OldDatabase old, String arguments) throws Exception {
        var command = "%s -jar %s %s".formatted(JAVA, JAR, arguments);
        var builder = new ProcessBuilder("/usr/bin/script", "-qec", command, "/dev/null").redirectErrorStream(true);
        builder.environment().putAll(old.environment());
        var process = builder.start();
        process.getOutputStream().close();
        return ended(process).output.replace("\r", "");
    }

    private static Ended run(Map<String, String> environment, String... arguments) throws Exception {
        return ended(start(JAVA, environment, arguments));
    }

    private static Process start(Path java, Map<String, String> environment, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(java.toString(), "-jar", JAR.toString()));
        command.addAll(Arrays.asList(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().remove("DATABASE_URL");
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Ended ended(Process process) throws Exception {
        var log = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
        var output = text(process.getInputStream());
        return new Ended(process.waitFor(), output, log.join());
    }

    private static String text(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
