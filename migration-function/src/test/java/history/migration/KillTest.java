package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

final class KillTest {
    private static final boolean HUNT = Boolean.getBoolean("hunt");
    private static final int CUT = HUNT ? 44 : 6;
    private static final int KILLED = HUNT ? 6 : 1;
    private static final int CRASHED = HUNT ? 5 : 1;

    private static final List<String> STEPS = List.of(
            "preflight",
            "prepare",
            "upgrade",
            "guard",
            "phase-0",
            "memberships",
            "tenant-key",
            "expand",
            "backfill",
            "quarantine",
            "verify",
            "keys",
            "orphans",
            "realtime",
            "migrated");

    private static final String KNOWN_TIMES =
            "update chat_sessions set created_at = '2023-01-01' where created_at is null and updated_at is null";

    private static final String MORE = KNOWN_TIMES + """
            ;
            insert into chat_sessions (id, tenant_id, user_id, title, messages)
            select ('f0000000-0000-4000-8000-' || lpad(c::text, 12, '0'))::uuid, '%s', '%s', null, (
                select jsonb_agg(jsonb_build_object('id', 'm' || i, 'role', 'user', 'content', repeat('word ', 10) || i))
                from generate_series(1, case when c = 77 then 17000 else 10 end) i)
            from generate_series(1, 300) c""".formatted(OldDatabase.TENANT_A, OldDatabase.ADA);

    /** Every byte of the end: rows, counters, quarantine, and what a rollback would need. */
    private static final String END = """
            select md5(string_agg(line, E'\\n' order by line)) from (
                select m::text as line from messages m
                union all select c::text from conversations c
                union all select (q.conversation_id, q.position, q.reason, q.element)::text from history.quarantine q
                union all select r::text from history.remembered r
                union all select (s.phase, s.fresh, s.original)::text from history.state s) every""";

    private final Random random = new Random(7);

    @Test
    @Tag("hunt")
    void endsTheSameAfterKillsAtRandomMoments() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.SUPERUSER, MORE, Action.MIGRATE)) {
            var end = old.value(END);
            old.succeed(Action.ROLLBACK);

            for (var cuts = 0; cuts < CUT; ) {
                cuts += cutOften(old);
                againIfItIsOver(old);
            }
            for (var kills = 0; kills < KILLED; kills++) {
                kill(old);
                againIfItIsOver(old);
            }

            old.succeed(Action.MIGRATE);
            assertEquals(end, old.value(END));
            old.succeed(Action.VERIFY);
        }
    }

    private static void againIfItIsOver(OldDatabase old) throws SQLException {
        if (old.value("select coalesce((select phase from history.state), '')").equals("migrated")) {
            old.succeed(Action.ROLLBACK);
        }
    }

    /** Cuts a run's connections again and again until it is over, and says how often; it goes on by itself each time. */
    private int cutOften(OldDatabase old) throws Exception {
        var run = Thread.startVirtualThread(() -> old.run(Action.MIGRATE));
        var cuts = 0;
        while (!run.join(Duration.ofMillis(random.nextInt(300)))) {
            old.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
            cuts++;
        }
        return cuts;
    }

    /** SIGKILL for the process, whose connection then lives on for a moment. */
    private void kill(OldDatabase old) throws Exception {
        var command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                MigrationCommand.class.getName(),
                "migrate");
        command.environment().putAll(old.environment());
        var process = command.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.waitFor(700 + random.nextInt(1_500), TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
    }

    @Test
    @Tag("hunt")
    void endsTheSameAfterCrashesOfTheServer(@TempDir Path folder) throws Exception {
        var server = PostgresServer.startIn(folder.resolve("data"), PostgresVersion.V18, 0);
        try {
            var database = new PostgresDatabase(server, "postgres");
            database.execute(OldDatabase.resource("phase_0.sql"));
            database.execute(OldDatabase.resource("edge_cases.sql"));
            database.execute(MORE);
            var before = fingerprint(database, "select md5(string_agg(c::text, '' order by id)) from chat_sessions c");
            var environment = database.environment("postgres");
            for (var crashes = 0; crashes < CRASHED; crashes++) {
                var run = Thread.startVirtualThread(
                        () -> Migration.of(environment).run(Action.MIGRATE));
                run.join(200 + random.nextInt(1_500));
                var port = server.port();
                server.crash();
                server = PostgresServer.startIn(folder.resolve("data"), PostgresVersion.V18, port);
                // It goes on by itself.
                run.join();
            }
            database = new PostgresDatabase(server, "postgres");
            var migration = Migration.of(database.environment("postgres"));
            assertTrue(migration.run(Action.MIGRATE).succeeded());
            assertTrue(migration.run(Action.VERIFY).succeeded());
            assertTrue(migration.run(Action.ROLLBACK).succeeded());
            assertEquals(
                    before,
                    fingerprint(database, "select md5(string_agg(c::text, '' order by id)) from chat_sessions c"));
        } finally {
            server.close();
        }
    }

    private static String fingerprint(PostgresDatabase database, String sql) throws SQLException {
        try (var connection = database.connect(PostgresServer.SUPERUSER)) {
            return OldDatabase.query(connection, sql).getFirst();
        }
    }

    /** One migration that ends after each of its steps and is called again. */
    @Test
    void goesOnAfterEveryStep() throws Exception {
        endsTheSameAfter(STEPS);
    }

    @ParameterizedTest
    @FieldSource("STEPS")
    @Tag("hunt")
    @EnabledIfSystemProperty(named = "hunt", matches = "true")
    void goesOnAfterAnyStep(String last) throws Exception {
        endsTheSameAfter(List.of(last));
    }

    private static void endsTheSameAfter(List<String> steps) throws Exception {
        try (var whole = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN, KNOWN_TIMES, Action.MIGRATE);
                var cut = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN, KNOWN_TIMES)) {
            for (var last : steps) {
                assertThrows(
                        IllegalStateException.class,
                        () -> Migration.of(cut.environment())
                                .run(new Order(Action.MIGRATE, ""), TimeLeft.UNLIMITED, step -> {
                                    if (step.name().equals(last)) {
                                        throw new IllegalStateException("killed");
                                    }
                                }),
                        last);
            }
            cut.succeed(Action.MIGRATE);

            var comparable = END.replace(
                            "c::text from conversations c",
                            "(c.id, c.last_seq, c.message_count, c.title, c.messages)::text from conversations c")
                    .replace(
                            "union all select r::text from history.remembered r",
                            "union all select (r.conversation_id, r.was)::text from history.remembered r");
            assertEquals(whole.value(comparable), cut.value(comparable));
        }
    }

    @Test
    void stopsBeforeItsTimeIsUpAndGoesOnInTheNextCall() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN)) {
            old.execute(MORE);
            var calls = 0;
            Report report;
            do {
                var looks = new int[1];
                report = Migration.of(old.environment())
                        .run(
                                new Order(Action.MIGRATE, ""),
                                new TimeLeft(() -> ++looks[0] > 5 ? 29_000 : 60_000),
                                step -> {});
                calls++;
                assertTrue(report.succeeded(), report::json);
            } while (report.callAgain());

            assertTrue(calls > 2, "done in " + calls + " calls");
            assertEquals("migrated", report.phase());
            old.succeed(Action.VERIFY);
        }
    }
}
