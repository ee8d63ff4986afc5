package history.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
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
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eight clients behind a transaction pooler with two connections to the server, which keep the plans of all. */
@Tag("installed")
final class PoolerTest {
    private static final int CLIENTS = 8;
    private static final int ROUNDS = 12;

    /** A context of that name is a plan that is kept; one that is made for a single call is gone after it. */
    private static final String KEPT_PLANS = """
            create function public.kept_plans(out session integer, out plans bigint) language sql security definer as
            'select pg_backend_pid(), (select count(*) from pg_backend_memory_contexts m where m.name = ''CachedPlan'')'""";

    @Test
    void eightClientsShareTwoServersAndTheirPlans(@TempDir Path folder) throws Exception {
        var program = PgBouncer.find();
        if (program.isEmpty()) {
            System.err.println("SKIPPED, LOUDLY: no pgbouncer on this machine, so that nobody shared two servers");
        }
        assumeTrue(program.isPresent(), "no pgbouncer on this machine");
        try (var world = World.create();
                var bouncer = PgBouncer.start(program.get(), folder, world.database(), World.FUNCTIONS_ROLE, 2)) {
            world.execute(KEPT_PLANS);
            Map<String, String> environment = new LinkedHashMap<>(world.environment());
            environment.put("DATABASE_URL", bouncer.url(World.FUNCTIONS_ROLE) + "?sslmode=disable");
            environment.put("DATABASE_POOL_SIZE", String.valueOf(CLIENTS));
            var api = new Api(environment);
            everybodyTalks(world, api);
            var before = keptPlans(bouncer);
            everybodyTalks(world, api);
            var after = keptPlans(bouncer);
            assertEquals(2, before.size(), before::toString);
            assertEquals(before.keySet(), after.keySet(), "the servers' sessions are the same");
            before.forEach((session, plans) -> {
                var later = after.getOrDefault(session, 0L);
                assertTrue(plans > 20, "few plans are kept: " + before);
                assertTrue(later < plans * 2, "plans are made anew: " + before + " and " + after);
            });
        }
    }

    private static void everybodyTalks(World world, Api api) throws Exception {
        List<Future<?>> clients = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < CLIENTS; i++) {
                var somebody = world.person(
                        i % 2 == 0 ? world.ada().tenantId() : world.bob().tenantId(), "user");
                clients.add(threads.submit(() -> talk(api, somebody)));
            }
        }
        for (var client : clients) {
            client.get();
        }
    }

    private static void talk(Api api, Person somebody) {
        var conversations = Call.get("/api/conversations").as(somebody);
        var conversation = api.call(Call.post("/api/conversations", "{}").as(somebody))
                .json()
                .path("id")
                .asText();
        var path = "/api/conversations/" + conversation;
        for (int round = 1; round <= ROUNDS; round++) {
            var said = somebody.userId() + " " + round;
            var sent = api.call(Call.post(
                            "/api/chat",
                            "{\"message\":\"%s\",\"conversation_id\":\"%s\"}".formatted(said, conversation))
                    .as(somebody));
            assertEquals(200, sent.status());
            assertEquals(
                    200,
                    api.call(Call.patch(path, "{\"title\":\"" + said + "\"}").as(somebody))
                            .status());
            var list = api.call(conversations).json();
            assertEquals(1, list.size(), list::toString);
            assertEquals(said, list.path(0).path("title").asText());
            var messages = api.call(Call.get(path).as(somebody)).json().path("messages");
            assertEquals(2 * round, messages.size(), messages::toString);
            assertEquals(said, messages.path(2 * round - 2).path("content").asText());
        }
    }

    /** By the servers' sessions, of which two connections that are held at once show both. */
    private static Map<Integer, Long> keptPlans(PgBouncer bouncer) throws SQLException {
        var kept = new TreeMap<Integer, Long>();
        try (var one = bouncer.connect(World.FUNCTIONS_ROLE);
                var other = bouncer.connect(World.FUNCTIONS_ROLE)) {
            for (var connection : List.of(one, other)) {
                connection.setAutoCommit(false);
                try (var statement = connection.createStatement();
                        var row = statement.executeQuery("select * from public.kept_plans()")) {
                    row.next();
                    kept.put(row.getInt("session"), row.getLong("plans"));
                }
            }
            one.rollback(); // or the pooler would close the server's session with ours
            other.rollback();
        }
        return kept;
    }
}
