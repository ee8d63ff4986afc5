package history.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Everybody tries everything, and gets what the table says. */
final class MatrixTest {
    static Stream<Arguments> everybodyGetsWhatTheTableSays() {
        return Stream.of(Stage.values())
                .flatMap(stage -> Stream.of(PostgresVersion.values())
                        .filter(version -> Some.ALL || (stage == Stage.COMPLETE) == (version == PostgresVersion.V15))
                        .map(version -> Arguments.of(stage, version)));
    }

    @MethodSource
    @ParameterizedTest
    @Tag(Some.TAG)
    void everybodyGetsWhatTheTableSays(Stage stage, PostgresVersion version) throws Exception {
        List<Matrix.Line> lines = new ArrayList<>();
        try (var database = stage.database(version);
                var superuser = database.connect(PostgresServer.SUPERUSER);
                var prober = Prober.login(database)) {
            for (var probe : Matrix.probes(superuser, stage)) {
                lines.add(Matrix.fill(prober, probe));
            }
        }
        var table = Matrix.text(lines);
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "matrix-" + stage.toString().toLowerCase(Locale.ROOT) + ".txt"), table);

        assertEquals("", Matrix.difference(Matrix.lines(stage.expected()), Matrix.lines(table)));
    }

    @EnumSource
    @ParameterizedTest
    void everyFunctionComesToAnEndWithNulls(Stage stage) throws Exception {
        List<String> endless = new ArrayList<>();
        try (var database = stage.database(PostgresVersion.V18);
                var superuser = database.connect(PostgresServer.SUPERUSER);
                var prober = Prober.login(database)) {
            for (var probe : FunctionProbes.withNulls(superuser)) {
                for (var persona : List.of(Persona.ADA, Persona.SERVICE)) {
                    var outcome = prober.outcome(persona, probe);
                    if (outcome.equals("57014") || outcome.equals("LEAK")) {
                        endless.add("%s: %s: %s".formatted(persona.title, probe.title(), outcome));
                    }
                }
            }
        }
        assertEquals(List.of(), endless);
    }

    /** The path under which triggers rest lets nobody choose a place; were it not for the owner in their condition, it would. */
    @Test
    void theCaretakersWeaponIsOne() throws Exception {
        try (var database = Stage.MIGRATED.database(PostgresVersion.V18);
                var superuser = database.connect(PostgresServer.SUPERUSER);
                var statement = superuser.createStatement()) {
            superuser.setAutoCommit(false);
            statement.execute("""
                    create or replace trigger history_1_inserted before insert on public.messages for each row
                        when (current_setting('search_path') <> 'history_maintenance, pg_temp')
                        execute function history.message_inserted();
                    create or replace trigger history_1_written before insert or update on public.conversations for each row
                        when (current_setting('search_path') <> 'history_maintenance, pg_temp')
                        execute function history.conversation_written()""");
            var choices = Matrix.probes(superuser, Stage.MIGRATED).stream()
                    .filter(probe -> probe.title().startsWith("choose the "))
                    .toList();
            var prober = Prober.within(superuser);
            assertEquals(2, choices.size());
            for (var choice : choices) {
                assertEquals("22012", prober.outcome(Persona.CARETAKER, choice), choice.title());
                assertEquals("done", prober.outcome(Persona.ADA, choice), choice.title());
            }
            superuser.rollback();
        }
    }

    /** What the table expects is held against a rule that is written down nowhere else. */
    @EnumSource
    @ParameterizedTest
    void theTableItselfLetsNobodyReachWhatIsAnothers(Stage stage) throws Exception {
        int cells = 0;
        for (var line : Matrix.lines(stage.expected())) {
            if (line.startsWith("==")) {
                continue;
            }
            var outcomes = Matrix.cells(line);
            assertEquals(Persona.values().length, outcomes.size(), line);
            var each = outcomes.iterator();
            for (var persona : Persona.values()) {
                var outcome = each.next();
                assertTrue(isAllowed(line, persona, outcome), () -> persona + ": " + line);
                cells++;
            }
        }
        assertTrue(cells > 1500, cells + " cells");
    }

    private static boolean isAllowed(String line, Persona persona, String outcome) {
        if (outcome.endsWith("!") || outcome.equals("LEAK")) {
            return false;
        }
        if (outcome.equals("seen")) {
            return !(line.contains("Bob") && !persona.mayReachBobs())
                    && !(line.contains("Ada") && !persona.maySeeAdas());
        }
        if (!outcome.equals("done")) {
            return true;
        }
        return line.contains("Bob") ? persona.mayReachBobs() : !line.contains("Ada") || persona.mayChangeAdas();
    }
}
