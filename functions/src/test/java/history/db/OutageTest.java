package history.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.chat.model.ModelServer;
import history.fixture.Answer;
import history.fixture.Api;
import history.fixture.Call;
import history.fixture.World;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that is down, goes away and comes back. */
class OutageTest {
    private static final World WORLD = World.create();
    private static final String PATH = "/api/conversations";
    private static final String TERMINATE =
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'history_functions'";

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

    /** A client of the data API that changes several messages in one statement has their rows before their conversation's. */
    @Test
    @Timeout(60)
    void whatADeadlockEndedIsRepeatedOnTheSameConnection() throws Exception {
        var api = through(WORLD.database().server().port());
        var turn = api.call(Call.post("/api/chat", "{\"message\":\"Hi\"}").as(WORLD.ada()))
                .json();
        var conversation = turn.path("conversation_id").asText();
        var message = turn.path("message").path("id").asText();
        var delete =
                Call.delete(PATH + "/" + conversation + "/messages/" + message).as(WORLD.ada());
        try (var client = WORLD.database().connect("postgres");
                var sql = client.createStatement();
                var others = Executors.newSingleThreadExecutor()) {
            client.setAutoCommit(false);
            sql.execute("set deadlock_timeout = '1min'"); // it is the other one that the server ends
            sql.execute("select from public.messages where id = '" + message + "' for update; savepoint rows");
            var deleted = others.submit(() -> api.call(delete));
            var sessions = new HashSet<Integer>();
            for (int i = 0; i < 2; i++) {
                sessions.add(awaitWaiting(sql));
                sql.execute("select from public.conversations where id = '" + conversation + "' for update");
                sql.execute("rollback to rows");
            }
            client.commit();
            assertEquals(204, deleted.get().status(), deleted.get()::body);
            assertEquals(1, sessions.size());
        }
    }

    /** Who waits for the transaction, and for nothing that it has locked since its savepoint. */
    private static int awaitWaiting(Statement sql) throws Exception {
        while (true) {
            try (var row = sql.executeQuery(
                    "select pid from pg_locks where not granted and transactionid = pg_current_xact_id()::xid")) {
                if (row.next()) {
                    return row.getInt(1);
                }
            }
            Thread.sleep(50);
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

    @Test
    void whatCannotBeRepeatedIsDoneOnAFreshConnectionWhereNothingHasHappened() throws Exception {
        try (var proxy = new WireProxy(WORLD.database().server().port())) {
            Api api = through(proxy.port());
            var path = PATH + "/"
                    + api.call(Call.post(PATH, "{}").as(WORLD.ada()))
                            .json()
                            .path("id")
                            .asText();
            List<Closing> closings = List.of(() -> WORLD.execute(TERMINATE), proxy::hangUp, () -> {
                WORLD.execute(TERMINATE);
                Thread.sleep(200);
            });
            for (var closing : closings) {
                api.call(Call.delete(PATH + "/" + UUID.randomUUID()).as(WORLD.ada()));
                var etag = patch(api, path, "*").header("etag").orElseThrow();
                closing.run();
                var patched = patch(api, path, etag);
                assertEquals(200, patched.status(), patched::body);
                assertEquals(
                        404,
                        api.call(Call.delete(PATH + "/" + UUID.randomUUID()).as(WORLD.ada()))
                                .status());
            }
        }
    }

    /** Once a connect has failed, the next call waits for a slow one as the first call does, and says its own reason. */
    @Test
    void aServerThatIsBackIsWaitedForWhateverWasBefore() throws Exception {
        int server = WORLD.database().server().port();
        var proxy = new WireProxy(server);
        int port = proxy.port();
        Api api = through(port);
        assertEquals(200, api.call(Call.get(PATH).as(WORLD.ada())).status());
        proxy.close();
        proxy.hangUp();
        assertUnavailable(api.call(Call.get(PATH).as(WORLD.ada())));
        try (var slow = new WireProxy(server, port)) {
            slow.delay(Duration.ofMillis(600));
            assertEquals(200, api.call(Call.get(PATH).as(WORLD.ada())).status());
            slow.hangUp();
            slow.fallSilent();
            assertUnavailable(
                    api.callWithin(Duration.ofMillis(2500), Call.get(PATH).as(WORLD.ada())));
        }
    }

    /** Hikari asks its first connection for the default, and would not get over it that this one broke: HikariCP #1944. */
    @Test
    void aFirstConnectionThatBreaksWhileItIsMadeDoesNotSpoilThePool() throws Exception {
        try (var proxy = new WireProxy(WORLD.database().server().port())) {
            proxy.hangUpAt("TRANSACTION ISOLATION");
            Api api = through(proxy.port());
            api.call(Call.get(PATH).as(WORLD.ada()));
            assertEquals(200, api.call(Call.get(PATH).as(WORLD.ada())).status());
        }
    }

    /** A function was frozen for long, and the server has ended its connection. */
    @Test
    void aConnectionThatTheServerEndedForIdlenessIsNotNoticedByTheCaller() throws Exception {
        var role = "alter role history_functions in database %s "
                .formatted(WORLD.database().name());
        WORLD.execute(role + "set idle_session_timeout = '250ms';" + TERMINATE);
        try {
            Api api = through(WORLD.database().server().port());
            List<String> made = new ArrayList<>();
            for (int round = 0; round < 2; round++) {
                made.add(api.call(Call.post(PATH, "{}").as(WORLD.ada()))
                        .json()
                        .path("id")
                        .asText());
                assertEquals(200, api.call(Call.get(PATH).as(WORLD.ada())).status());
                assertEquals(200, patch(api, PATH + "/" + made.getFirst(), "*").status());
                var chat =
                        api.call(Call.post("/api/chat", "{\"message\":\"Hi\"}").as(WORLD.ada()));
                assertEquals(200, chat.status(), chat::body);
                awaitNoSession();
            }
            assertEquals(
                    204,
                    api.call(Call.delete(PATH + "/" + made.getLast()).as(WORLD.ada()))
                            .status());
        } finally {
            WORLD.execute(role + "reset idle_session_timeout");
        }
    }

    /** As an environment of each function keeps one. */
    private static void awaitNoSession() throws Exception {
        while (true) {
            try {
                WORLD.execute("do $$ begin assert not exists (select from pg_stat_activity"
                        + " where usename = 'history_functions' and datname = current_database()); end $$");
                return;
            } catch (SQLException stillThere) {
                Thread.sleep(100);
            }
        }
    }

    /** While the model speaks, the role's last connection is lost and taken by others; the answer waits for its turn. */
    @Test
    void anAnswerWaitsForAConnectionWhenTheRoleHasNoneLeft() throws Exception {
        var taken = new CountDownLatch(1);
        try (var server = new ModelServer((out, _) -> {
            ModelServer.head(out, 200, "text/event-stream");
            ModelServer.send(
                    out, "data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]}\n\n");
            limit(0);
            taken.countDown();
            ModelServer.send(out, "data: [DONE]\n\n");
        })) {
            Map<String, String> environment = new LinkedHashMap<>(WORLD.environment());
            environment.putAll(Map.of(
                    "CHAT_PROVIDER",
                    "openai",
                    "CHAT_MODEL",
                    "m",
                    "CHAT_BASE_URL",
                    server.url().toString()));
            var call = Call.post("/api/chat", "{\"message\":\"Hi\"}").as(WORLD.ada());
            try (var other = Executors.newVirtualThreadPerTaskExecutor()) {
                var answer = other.submit(() -> new Api(environment).call(call));
                assertTrue(taken.await(30, TimeUnit.SECONDS));
                assertUnavailable(new Api(environment).call(Call.get(PATH).as(WORLD.ada())));
                assertFalse(answer.isDone());
                limit(-1);
                assertEquals(200, answer.get().status(), answer.get()::body);
            }
        } finally {
            limit(-1);
        }
    }

    private static void limit(int connections) {
        try {
            WORLD.execute("alter role history_functions connection limit " + connections);
            WORLD.execute(TERMINATE); // once the limit holds, or the answer may connect again before
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private static Answer patch(Api api, String path, String etag) {
        return api.call(Call.patch(path, "{\"title\":\"" + UUID.randomUUID() + "\"}")
                .header("If-Match", etag)
                .as(WORLD.ada()));
    }

    /** Something that ends every connection. */
    @FunctionalInterface
    private interface Closing {
        void run() throws Exception;
    }

    @Test
    void aServerThatHasBecomeAStandbyIsLeftForAnother() throws SQLException {
        Api api = new Api(WORLD.environment());
        var path = PATH + "/"
                + api.call(Call.post(PATH, "{}").as(WORLD.ada()))
                        .json()
                        .path("id")
                        .asText();
        WORLD.execute("alter role history_functions set default_transaction_read_only = on");
        try {
            assertUnavailable(patch(api, path, "*"));
            assertEquals(200, api.call(Call.get(path).as(WORLD.ada())).status());
        } finally {
            WORLD.execute("alter role history_functions reset default_transaction_read_only");
        }
        assertEquals(200, patch(api, path, "*").status());
    }

    @Test
    void tooManyConnectionsAreSaidAtOnce() throws SQLException {
        WORLD.execute("alter role history_functions connection limit 0");
        try {
            Api api = new Api(WORLD.environment());
            var begin = System.nanoTime();
            assertUnavailable(api.call(Call.get(PATH).as(WORLD.ada())));
            assertUnavailable(
                    api.call(Call.post("/api/chat", "{\"message\":\"Hi\"}").as(WORLD.ada())));
            assertTrue(System.nanoTime() - begin < 2_000_000_000L);
        } finally {
            WORLD.execute("alter role history_functions connection limit -1");
        }
    }

    @Test
    void theCallerHearsOfItBeforeTheFunctionIsKilled() throws Exception {
        var left = Duration.ofMillis(2500);
        try (var hole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var connection = WORLD.database().connect("postgres");
                var together = Executors.newVirtualThreadPerTaskExecutor()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("lock table public.conversations in access exclusive mode");
            List<Future<Answer>> answers = new ArrayList<>();
            for (var port :
                    List.of(hole.getLocalPort(), WORLD.database().server().port())) {
                for (Call call : List.of(
                        Call.get(PATH),
                        Call.post(PATH, "{}"),
                        Call.get(PATH + "/" + UUID.randomUUID()),
                        Call.delete(PATH + "/" + UUID.randomUUID()),
                        Call.post("/api/chat", "{\"message\":\"Hi\"}"))) {
                    answers.add(together.submit(() -> through(port).callWithin(left, call.as(WORLD.ada()))));
                }
            }
            for (var answer : answers) {
                assertUnavailable(answer.get());
            }
        }
    }

    /** Connected, and then nothing comes back any more. */
    @Test
    void aServerThatFallsSilentIsNotWaitedForBeyondTheCall() throws Exception {
        try (var proxy = new WireProxy(WORLD.database().server().port())) {
            Api api = through(proxy.port());
            assertEquals(200, api.call(Call.get(PATH).as(WORLD.ada())).status());
            proxy.fallSilent();
            assertUnavailable(
                    api.callWithin(Duration.ofMillis(2500), Call.get(PATH).as(WORLD.ada())));
        }
    }
}
