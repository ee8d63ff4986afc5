package history.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import history.db.Database;
import history.fixture.Configured;
import history.fixture.World;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many callers, one connection, errors, timeouts and cancels in between: nobody meets what another left. */
final class OneConnectionTest {
    private static final int REQUESTS = Boolean.getBoolean("hunt") ? 20_000 : 4_000;

    @Test
    @Tag("hunt")
    void nobodyMeetsWhatAnotherLeft() throws Exception {
        try (var world = World.create();
                var database = Configured.read(LeftOver.alone(world.environment()), Database::from)) {
            assertNothingWentWrong(Crowd.rush(world, database, REQUESTS));
            assertEquals(List.of(), LeftOver.of(database));
        }
    }

    /** Four connections of ours share one of the server's, which changes hands after every request. */
    @Test
    @Tag("installed")
    void norBehindPgBouncerInTransactionMode(@TempDir Path folder) throws Exception {
        var program = PgBouncer.find();
        if (program.isEmpty()) {
            System.err.println(
                    "SKIPPED, LOUDLY: no pgbouncer on this machine, so that isolation behind one was not tried");
        }
        assumeTrue(program.isPresent(), "no pgbouncer on this machine");
        try (var world = World.create();
                var bouncer = PgBouncer.start(program.get(), folder, world.database(), World.FUNCTIONS_ROLE, 1)) {
            Map<String, String> environment = new LinkedHashMap<>(world.environment());
            environment.put("DATABASE_URL", bouncer.url(World.FUNCTIONS_ROLE) + "?sslmode=disable");
            try (var database = Configured.read(environment, Database::from)) {
                assertNothingWentWrong(Crowd.rush(world, database, REQUESTS));
            }
            try (var next = bouncer.connect(World.FUNCTIONS_ROLE)) {
                assertEquals(List.of(), LeftOver.of(next));
            }
        }
    }

    private static void assertNothingWentWrong(Crowd.Outcome outcome) {
        assertEquals(List.of(), outcome.wrong().stream().limit(5).toList());
        assertTrue(outcome.failures() > REQUESTS / 60, outcome.failures() + " failures were provoked");
    }
}
