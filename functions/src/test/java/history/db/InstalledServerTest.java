package history.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import history.auth.Caller;
import history.fixture.Configured;
import history.migration.Action;
import history.migration.Migration;
import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What only a server with {@code plpgsql_check} and JIT can tell. */
@Tag("installed")
final class InstalledServerTest {
    /**
     * What is found in the functions but for: assignments that cast (none in a condition), records as results beside others,
     * statements that are put together by format and executed by the owner alone, a trigger of two tables, and a function that
     * is volatile to see what its own statement made.
     */
    private static final String FINDINGS = """
            select concat_ws(' ', p.proname, c.lineno, c.level, c.message, c.detail, c.hint)
            from pg_proc p
            join pg_language l on l.oid = p.prolang and l.lanname = 'plpgsql'
            left join lateral (select distinct t.tgrelid from pg_trigger t where t.tgfoid = p.oid) t on true
            cross join lateral plpgsql_check_function_tb(p.oid, coalesce(t.tgrelid, 0), fatal_errors => false,
                performance_warnings => true, security_warnings => true,
                oldtable => case when p.proname = 'messages_changed' then 'before' end) c
            where p.pronamespace = 'history'::regnamespace and (p.prorettype <> 'trigger'::regtype or t.tgrelid is not null)
                and c.message <> 'target type is different type than source type'
                and c.message !~ '^composite OUT variable'
                and c.detail is distinct from 'attention: cannot to determine volatility of used dynamic SQL'
                and not (c.level = 'security' and c.message = 'text type variable is not sanitized' and p.proname in (
                    'as_caller', 'carry_grants', 'carry_policies', 'make_view', 'redefine_trigger', 'remember_definitions',
                    'repair_membership_policies', 'use_edition'))
                and not (p.proname in ('forget_end', 'remember_definitions')
                    and c.message = 'the expression is not SQL injection safe') -- regclass, regprocedure, quote_ident and %%I
                and not (p.proname = 'backfill_slice' and c.message ~ '^function pg_column_toast_chunk_id') -- of PostgreSQL 17
                and not (p.proname = 'due' and c.detail = 'cannot to determine result of dynamic SQL')
                and not (p.proname = 'id_refused' and c.message = 'record "new" has no field "seq"')
                and not (p.proname = 'owns_conversation' and c.message = 'routine is marked as VOLATILE, should be STABLE')
                and (%s)
            order by 1""";

    private static PostgresServer server;

    private static PostgresDatabase database;

    @BeforeAll
    static void start() throws Exception {
        var installed = PostgresServer.startInstalled();
        if (installed.isEmpty()) {
            System.err.println(
                    "SKIPPED, LOUDLY: no PostgreSQL 15 in /usr/lib/postgresql, so that plpgsql_check saw no function");
        }
        assumeTrue(installed.isPresent(), "no PostgreSQL 15 on this machine");
        server = installed.get();
        database = server.createDatabase();
        try (var sql = Objects.requireNonNull(
                InstalledServerTest.class.getResourceAsStream("/history/migration/phase_0.sql"))) {
            database.execute(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void plpgsqlCheckFindsNothingInTheFunctionsOfEitherEdition() throws SQLException {
        if (query("select name from pg_available_extensions where name = 'plpgsql_check'")
                .isEmpty()) {
            System.err.println(
                    "SKIPPED, LOUDLY: no plpgsql_check on this machine, so that no function was looked at by it");
        }
        assumeTrue(!query("select name from pg_available_extensions where name = 'plpgsql_check'")
                .isEmpty());
        database.execute("create extension plpgsql_check");
        migrate(Action.PREPARE);
        assertEquals(
                List.of(),
                query(
                        FINDINGS.formatted(
                                // With the arguments of the other edition it does less, and refuses some.
                                "p.proname in (select e.name from history.edition e where e.edition = 'arrays') and c.message !~ "
                                        + "'^(unused parameter|unmodified OUT|control reached end|routine is marked as VOLATILE)'")));
        migrate(Action.MIGRATE);
        assertEquals(List.of(), query(FINDINGS.formatted("true")));
        // It looks at all that matters: the same with a variable that nothing reads, and a column that is not there.
        database.execute("""
                create function history.wrong() returns bigint language plpgsql as $$
                declare unread text := 'x';
                begin return (select no_such_column from public.messages); end $$""");
        var wrong = query(FINDINGS.formatted("p.proname = 'wrong'")).toString();
        assertTrue(wrong.contains("never read variable \"unread\"") && wrong.contains("no_such_column"), wrong);
        database.execute("drop function history.wrong()");
    }

    @Test
    void aRequestIsNotCompiledOnAServerThatCompilesEverything() throws SQLException {
        assertEquals(List.of("t"), query("select pg_jit_available()"));
        migrate(Action.MIGRATE);
        database.execute("alter database %s set jit = on; alter database %1$s set jit_above_cost = 0"
                .formatted(database.name()));
        var explain = "explain (analyze) select sum(c.last_seq) from public.conversations c";
        assertTrue(query(explain).toString().contains("JIT:"));
        try (var requests = Configured.read(database.environment("history_functions"), Database::from)) {
            var plan = requests.write(
                    new Caller(UUID.randomUUID(), null), new history.db.Call(explain), InstalledServerTest::lines);
            assertFalse(plan.toString().contains("JIT:"), plan::toString);
        }
    }

    private static void migrate(Action action) throws SQLException {
        var report =
                Migration.of(database.environment(PostgresServer.SUPERUSER)).run(action);
        assertTrue(report.succeeded(), report::json);
    }

    private static List<String> query(String sql) throws SQLException {
        try (var connection = database.connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return lines(rows);
        }
    }

    private static List<String> lines(ResultSet rows) throws SQLException {
        List<String> lines = new ArrayList<>();
        while (rows.next()) {
            lines.add(rows.getString(1));
        }
        return lines;
    }
}
