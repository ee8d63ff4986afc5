package history.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Answer;
import history.fixture.Api;
import history.fixture.Call;
import history.fixture.World;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A database that is down, goes away and comes back. */
class OutageTest {
    private static final World WORLD = World.create();
    private static final String PATH = "/api/conversations";

    @AfterAll
    static void close() {
        WORLD.close();
    }

    private static Api through(int port) {
        Map<String, String> environment = new LinkedHashMap<>(WORLD.environment());
        environment.computeIfPresent("DATABASE_URL", (name, url) -> url.replaceFirst(":\\d+/", ":" + port + "/"));
        environment.put("DATABASE_POOL_SIZE", "1");
        return new Api(environment);
    }

    private static void assertUnavailable(Answer answer) {
        assertEquals(503, answer.status(), answer.body());
        assertTrue(answer.header("retry-after").orElse("").matches("\\d+"));
        assertFalse(answer.body().contains("127.0.0.1"), "no host in " + answer.body());
        assertFalse(answer.body().contains("SQL"), "no SQL in " + answer.body());
    }

    @Test
    void aDatabaseThatIsDownAtTheStartIsA503UntilItIsThere() throws Exception {
        int port;
        try (var free = new java.net.ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Api api = through(port);
        assertUnavailable(api.call(Call.get(PATH).as(WORLD.ada())));
        assertUnavailable(api.call(Call.post(PATH, "{}").as(WORLD.ada())));
        try (var back = new WireProxy(WORLD.database().server().port(), port)) {
            assertEquals(back.port(), port);
            assertEquals(200, api.call(Call.get(PATH).as(WORLD.ada())).status());
        }
    }

    @Test
    void aConnectionThatBreaksBetweenTwoRequestsIsNotNoticedByTheCaller() throws SQLException {
        Api api = new Api(WORLD.environment());
        for (Call call : java.util.List.of(Call.get(PATH), Call.post(PATH, "{\"title\":\"kept\"}"))) {
            assertEquals(2, api.call(call.as(WORLD.ada())).status() / 100);
            WORLD.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'history_functions'");
            assertEquals(2, api.call(call.as(WORLD.ada())).status() / 100, call.method());
        }
    }

    @Test
    void aTableThatIsLockedForLongIsA503AndNoHang() throws SQLException {
        try (var connection = WORLD.database().connect("postgres")) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("lock table public.conversations in access exclusive mode");
            assertUnavailable(new Api(WORLD.environment()).call(Call.get(PATH).as(WORLD.ada())));
        }
    }

    @Test
    void refusesToServeWithARoleThatCouldStepAroundThePolicies() throws SQLException {
        WORLD.execute("do $$ begin create role sly login bypassrls; exception when duplicate_object then null; end $$");
        WORLD.execute("grant authenticated to sly");
        for (String role : java.util.List.of("postgres", "sly")) {
            Map<String, String> environment = new LinkedHashMap<>(WORLD.environment());
            environment.put("DATABASE_URL", WORLD.database().url(role));
            assertUnavailable(new Api(environment).call(Call.get(PATH).as(WORLD.ada())));
        }
    }

    @Test
    void aDatabaseWithoutTheTablesSaysThatTheMigrationIsPending() throws Exception {
        try (var empty = WORLD.database().server().createDatabase()) {
            Map<String, String> environment = new LinkedHashMap<>(WORLD.environment());
            environment.put("DATABASE_URL", empty.url(World.FUNCTIONS_ROLE));
            Answer answer = new Api(environment).call(Call.get(PATH).as(WORLD.ada()));
            assertEquals(503, answer.status(), answer.body());
            assertTrue(answer.json().path("type").asText().endsWith("migration-pending"));
        }
    }
}
