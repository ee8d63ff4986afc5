package history.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import history.fixture.Api;
import history.fixture.Call;
import history.fixture.Person;
import history.fixture.World;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred environments of functions, each with its pool of one connection, on twenty connections to the server, behind PgBouncer
 * in transaction mode.
 *
 * <p>Without a pooler an environment holds its connection for as long as it lives, busy or not, since it is frozen in between: a
 * hundred environments are a hundred connections, and the server ends one after five idle minutes. With it they share as many as
 * are busy in the same moment: a turn takes the database for two short transactions of some milliseconds, not for the seconds
 * that the model speaks.
 */
@Tag("installed")
final class ConnectionsTest {
    private static final int ENVIRONMENTS = 100;
    private static final int SERVERS = 20;
    private static final int TURNS = 4;
    private static final String SESSIONS =
            "select count(*) from pg_stat_activity where usename = 'history_functions' and datname = current_database()";

    @Test
    void aHundredPoolsOnTwentyConnectionsFailNever(@TempDir Path folder) throws Exception {
        var program = PgBouncer.find();
        if (program.isEmpty()) {
            System.err.println(
                    "SKIPPED, LOUDLY: no pgbouncer on this machine, so that no hundred pools shared twenty connections");
        }
        assumeTrue(program.isPresent(), "no pgbouncer on this machine");
        try (var world = World.create()) {
            world.execute("alter role history_functions in database %s set idle_session_timeout = '5s'"
                    .formatted(world.database().name()));
            try (var bouncer =
                    PgBouncer.start(program.get(), folder, world.database(), World.FUNCTIONS_ROLE, SERVERS)) {
                failNever(world, bouncer);
            }
        }
    }

    private static void failNever(World world, PgBouncer bouncer) throws Exception {
        Map<String, String> environment = new LinkedHashMap<>(world.environment());
        environment.put("DATABASE_URL", bouncer.url(World.FUNCTIONS_ROLE) + "?sslmode=disable");
        environment.put("DATABASE_POOL_SIZE", "1");
        List<Callable<Integer>> all = new ArrayList<>();
        for (int i = 0; i < ENVIRONMENTS; i++) {
            var one = environment(new Api(environment), world.person(world.ada().tenantId(), "user"), i % 2 == 0);
            assertEquals(0, one.call()); // each starts on a processor of its own
            all.add(one);
        }
        assertEquals(0, failures(all));
        world.execute("do $$ begin assert (%s) between 2 and %d; end $$".formatted(SESSIONS, SERVERS));
        awaitNoServer(world);
        assertEquals(0, failures(all), "after the server has ended every idle connection");
    }

    /** One of {@code POST /api/chat}, or of the list: an environment serves one route, one call at a time. */
    private static Callable<Integer> environment(Api api, Person somebody, boolean chats) {
        var call = chats ? Call.post("/api/chat", "{\"message\":\"Hi\"}") : Call.get("/api/conversations");
        return () -> {
            int failures = 0;
            for (int turn = 0; turn < TURNS; turn++) {
                failures += api.call(call.as(somebody)).status() == 200 ? 0 : 1;
            }
            return failures;
        };
    }

    private static int failures(List<Callable<Integer>> environments) throws Exception {
        try (var threads = Executors.newFixedThreadPool(ENVIRONMENTS)) {
            int failures = 0;
            for (var one : threads.invokeAll(environments)) {
                failures += one.get();
            }
            return failures;
        }
    }

    private static void awaitNoServer(World world) throws Exception {
        while (true) {
            try {
                world.execute("do $$ begin assert (%s) = 0; end $$".formatted(SESSIONS));
                return;
            } catch (SQLException stillThere) {
                Thread.sleep(200);
            }
        }
    }
}
