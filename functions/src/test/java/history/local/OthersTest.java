package history.local;

import static history.local.Client.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.Action;
import history.migration.Migration;
import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Points the local run at databases that it did not make. */
@Timeout(120)
final class OthersTest {
    private static final Path TEMPLATE = Path.of("../template.yaml");
    private static final String SESSIONS = """
            insert into public.chat_sessions (tenant_id, user_id, title, messages)
            select m.tenant_id, m.user_id, 'q' || n, '[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]'
            from public.tenant_users m, generate_series(1, 10) n""";
    /** As a dump of a database that the local run was allowed to use brings it along. */
    private static final String LEDGER = """
            create schema local_run;
            create table local_run.tenants (id uuid primary key);
            create table local_run.users (id uuid primary key);
            insert into local_run.tenants values ('10000000-0000-4000-8000-00000000000a');
            insert into local_run.users values ('a0000000-0000-4000-8000-000000000001')""";

    private static final String ADA = "{\"email\":\"ada@example.com\",\"tenant\":\"%s\",\"role\":\"admin\"}";
    private static final String ADMIN = "{\"email\":\"admin@example.com\",\"tenant\":\"%s\",\"role\":\"admin\"}";

    private static PostgresServer server;
    private static String phase0;

    @TempDir
    private Path folder;

    private PostgresDatabase database;

    /** A database and what is said of it. */
    record Case(String name, List<String> preparations, String found) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "before the migration",
                        List.of(phase0, SESSIONS),
                        "2 in public.tenants, 2 in public.tenant_users, 2 in auth.users, 20 in public.chat_sessions"),
                new Case(
                        "no rows at all",
                        List.of(phase0, "delete from public.tenants; delete from auth.users"),
                        "0 in public.tenants, 0 in public.tenant_users, 0 in public.chat_sessions"),
                new Case(
                        "nothing but a user",
                        List.of(
                                "create schema auth; create table auth.users (id uuid); insert into auth.users values (null)"),
                        "1 in auth.users"),
                new Case(
                        "migrated",
                        List.of(phase0, SESSIONS, "MIGRATE"),
                        "2 in auth.users, 20 in public.chat_sessions, 20 in public.conversations"),
                new Case("migrated when it was empty", List.of("MIGRATE"), "0 in public.conversations"),
                new Case(
                        "with a ledger that lists some of it",
                        List.of(phase0, SESSIONS, LEDGER),
                        "1 in public.tenants, 1 in public.tenant_users, 1 in auth.users, 10 in public.chat_sessions"));
    }

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.startTemporary(PostgresVersion.V18);
        var all = new PostgresDatabase(server, "postgres");
        all.execute("alter system set autovacuum = off");
        all.execute("select pg_reload_conf()");
        try (var sql = Objects.requireNonNull(OthersTest.class.getResourceAsStream("/history/migration/phase_0.sql"))) {
            phase0 = new String(sql.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void create() throws Exception {
        database = server.createDatabase();
    }

    @AfterEach
    void drop() throws Exception {
        database.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isRefusedBeforeAnythingIsWritten(Case tried) throws Exception {
        for (var preparation : tried.preparations()) {
            if (preparation.equals("MIGRATE")) {
                migrate();
            } else {
                database.execute(preparation);
            }
        }
        // Whatever writes, in any database of the server, takes a number.
        var next = "select pg_snapshot_xmax(pg_current_snapshot())";
        var before = query(next);

        var said = refusal(Map.of());

        assertTrue(said.contains(tried.found() + ". Nothing was changed."), said);
        assertTrue(said.endsWith("LOCAL_DATABASE_ALLOW=" + place()), said);
        assertEquals(before, query(next));
        assertFalse(Files.exists(folder.resolve("functions-password")));
    }

    @Test
    void isUsedWhenItIsNamedButItsTenantsAndUsersAreLeftAlone() throws Exception {
        database.execute(phase0);
        database.execute(SESSIONS);
        var allowed = with(PostgresServer.SUPERUSER, Map.of("LOCAL_DATABASE_ALLOW", place()));
        var theirs = "select md5(string_agg(t::text, '' order by t::text)) from public.%s t%s";
        var before = List.of(query(theirs.formatted("tenants", "")), query(theirs.formatted("tenant_users", "")));

        try (var run = LocalRun.start(TEMPLATE, allowed)) {
            var anybody = new Client(HttpClient.newHttpClient(), run.url(), "");
            for (var taken : List.of(ADA.formatted("demo"), ADMIN.formatted("boole"), ADA.formatted("boole"))) {
                var refused = json(anybody.send(anybody.post("/local/token", taken)), 409);
                assertTrue(refused.path("detail").asText().contains("was not made by the local run"), taken);
            }
            assertEquals(before.getFirst(), query(theirs.formatted("tenants", "")));
            assertEquals(before.getLast(), query(theirs.formatted("tenant_users", "")));
            assertEquals("0", query("select count(*) from local_run.tenants, local_run.users"));

            var admin = anybody.login(ADMIN.formatted("demo"));
            json(admin.send(admin.post("/api/chat", "{\"message\":\"Hello\"}")), 200);
            assertEquals(
                    1,
                    json(admin.send(admin.get("/api/conversations?scope=tenant")), 200)
                            .size());
        }
        assertEquals("21", query("select count(*) from public.conversations"));

        var said = refusal(Map.of("LOCAL_DATABASE_ALLOW", database.name()));
        assertTrue(said.contains("2 in public.tenants, 2 in public.tenant_users, 2 in auth.users, 20 in"), said);
    }

    @Test
    void isAtHomeInWhatItMadeAsAnOwnerWhoIsUnderThePolicies() throws Exception {
        database.execute("create role owner_plain login createrole");
        database.execute("alter database %s owner to owner_plain".formatted(database.name()));
        for (var start = 0; start < 2; start++) {
            try (var run = LocalRun.start(TEMPLATE, with("owner_plain", Map.of()))) {
                var ada = new Client(HttpClient.newHttpClient(), run.url(), "").login(Client.ADA);
                json(ada.send(ada.post("/api/chat", "{\"message\":\"Hello\"}")), 200);
            }
        }
        assertEquals("2", query("select count(*) from public.conversations"));
    }

    @Test
    void saysWhatKeepsTheMigrationFromStartingBeforeAnythingIsWritten() throws Exception {
        database.execute("create table public.messages (id int)");
        var before = query("select pg_snapshot_xmax(pg_current_snapshot())");

        var said = refusal(Map.of());

        assertTrue(said.contains("A table public.messages exists that this migration did not make."), said);
        assertEquals(before, query("select pg_snapshot_xmax(pg_current_snapshot())"));
    }

    private String refusal(Map<String, String> more) {
        var environment = with(PostgresServer.SUPERUSER, more);
        var refusal = assertThrows(
                RuntimeException.class,
                () -> LocalRun.start(TEMPLATE, environment).close());
        return String.valueOf(refusal.getMessage());
    }

    private void migrate() throws Exception {
        var report =
                Migration.of(database.environment(PostgresServer.SUPERUSER)).run(Action.MIGRATE);
        assertTrue(report.succeeded(), report.json());
    }

    private String place() {
        return "127.0.0.1:%d/%s".formatted(server.port(), database.name());
    }

    private String query(String sql) throws Exception {
        try (var connection = database.connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private Map<String, String> with(String owner, Map<String, String> more) {
        var all = new HashMap<>(more);
        all.put("PORT", "0");
        all.put("LOCAL_DATA_DIR", folder.toString());
        all.put("LOCAL_DATABASE_URL", database.url(owner));
        return all;
    }
}
