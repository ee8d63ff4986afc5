package history.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each guard in the database is missed when it is gone: by the catalogue gate, or by the table. The table is asked where the gate
 * says nothing, under {@code -Phunt} always.
 */
final class SqlMutantsTest {
    private static final Stage STAGE = Stage.MIGRATED;

    @Test
    @Tag(Some.TAG)
    void everyGuardIsMissed() throws Exception {
        List<String> survivors = new ArrayList<>();
        List<String> report = new ArrayList<>();
        var expected = expected();
        try (var database = STAGE.database(PostgresVersion.V18);
                var superuser = database.connect(PostgresServer.SUPERUSER)) {
            superuser.setAutoCommit(false);
            for (var mutant : SqlMutant.all(database)) {
                var killers = killers(mutant, superuser, expected);
                var line = killers.isEmpty() ? "SURVIVES" : String.join("; ", killers);
                report.add("%-58s %s".formatted(mutant.name(), line));
                if (killers.isEmpty()) {
                    survivors.add(mutant.name());
                }
            }
        }
        System.out.println(report.size() + " mutants of the database, and what notices them");
        report.forEach(System.out::println);

        assertEquals(List.of(), survivors);
    }

    /** What the functions say of the caller finds rows; that nobody reaches another's rests on the policies alone. */
    @Test
    void functionsThatForgetWhoseRowsAreMeantReachNothing() throws Exception {
        var expected = expected();
        try (var database = STAGE.database(PostgresVersion.V18);
                var superuser = database.connect(PostgresServer.SUPERUSER);
                var statement = superuser.createStatement()) {
            superuser.setAutoCommit(false);
            for (var mutant : FunctionMutants.forgetful(database)) {
                statement.execute(mutant.sql());
                assertEquals(Optional.empty(), difference(superuser, mutant, expected), mutant.name());
                superuser.rollback();
            }
        }
    }

    private static Map<String, List<String>> expected() throws Exception {
        Map<String, List<String>> expected = new HashMap<>();
        var block = "";
        for (var line : Matrix.lines(STAGE.expected())) {
            if (line.startsWith("== ")) {
                block = line.substring(3).split(" ", 2)[0];
            } else {
                expected.put(block + ": " + Matrix.title(line), Matrix.cells(line));
            }
        }
        return expected;
    }

    /** All in one transaction that is rolled back, what is changed of roles as well. */
    private static List<String> killers(SqlMutant mutant, Connection superuser, Map<String, List<String>> expected)
            throws Exception {
        List<String> killers = new ArrayList<>();
        try (var statement = superuser.createStatement()) {
            statement.execute(mutant.sql());
            Catalogue.findings(superuser).stream().findFirst().ifPresent(finding -> killers.add("gate: " + finding));
            if (killers.isEmpty() || Some.ALL) {
                difference(superuser, mutant, expected).ifPresent(cell -> killers.add("table: " + cell));
            }
            return killers;
        } finally {
            superuser.rollback();
        }
    }

    private static Optional<String> difference(
            Connection superuser, SqlMutant mutant, Map<String, List<String>> expected) throws Exception {
        var block = mutant.block();
        var probes = Matrix.probes(superuser, STAGE).stream()
                .filter(probe -> probe.block().equals(block))
                .filter(FunctionMutants.reaching(superuser, mutant))
                .toList();
        var prober = Prober.within(superuser);
        for (var probe : probes) {
            var cells = expected.getOrDefault(block + ": " + Matrix.shortened(probe.title()), Matrix.CLOSED);
            var each = cells.iterator();
            for (var persona : Persona.values()) {
                var outcome = prober.outcome(persona, probe);
                if (!outcome.equals(each.next())) {
                    return Optional.of("%s: %s: %s".formatted(persona.title, probe.title(), outcome));
                }
            }
        }
        return Optional.empty();
    }
}
