package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class YieldTest {
    private static final String MANY = """
            insert into public.chat_sessions (id, tenant_id, user_id, messages)
            select ('e0000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, '%s', '%s', '[{"role":"user","content":"x"}]'
            from generate_series(1, 120) i""".formatted(OldDatabase.TENANT_A, OldDatabase.ADA);

    private static Consumer<StepResult> after(String step, Callable<?> work) {
        return result -> {
            if (result.name().equals(step)) {
                try {
                    work.call();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    @Test
    void aBatchEndsEarlyForWhoWaitsForItsLocks() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V15, Owner.PLAIN, MANY, Action.PREPARE);
                var owner = old.database().connect(old.owner().role());
                var user = old.oldApplication();
                var worker = Executors.newSingleThreadExecutor()) {
            owner.createStatement().execute("""
                    create unique index conversations_tenant_id_id_key on public.chat_sessions (tenant_id, id);
                    select history.expand()""");
            owner.setAutoCommit(false);
            owner.createStatement().execute("""
                    set search_path = history_maintenance, pg_temp;
                    select from public.conversations where id = 'e0000000-0000-4000-8000-000000000001' for update""");
            var pid = OldDatabase.query(user, "select pg_backend_pid()").getFirst();
            var written = worker.submit(() -> user.createStatement()
                    .executeUpdate(
                            "update chat_sessions set title = 'x' where id = 'e0000000-0000-4000-8000-000000000001'"));
            while (old.value("select count(*) from pg_locks where not granted and pid = " + pid)
                    .equals("0")) {
                Retry.pause(Duration.ofMillis(10));
            }

            var batch =
                    "select concat_ws(' ', conversations, more, split_part(yields_to, ' (', 1)) from history.backfill_batch(2000, 8388608, 8000)";
            assertEquals("50 t pid " + pid, OldDatabase.query(owner, batch).getFirst());
            owner.commit();
            assertEquals(1, written.get());
            assertEquals("70 t", OldDatabase.query(owner, batch).getFirst());
            assertEquals("0 f", OldDatabase.query(owner, batch).getFirst());
            owner.commit();
        }
    }

    @Test
    void aHugeOneThatIsLockedDoesNotKeepTheOthersWaiting() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.SUPERUSER, MANY, Action.PREPARE);
                var owner = old.database().connect(old.owner().role());
                var user = old.database().connect(old.owner().role())) {
            old.execute("""
                    update chat_sessions set messages = (select jsonb_agg('{"role":"user","content":"x"}'::jsonb) from generate_series(1, 100))
                    where id = 'e0000000-0000-4000-8000-000000000001';
                    select history.expand()""");
            user.setAutoCommit(false);
            user.createStatement()
                    .execute("select from conversations where id = 'e0000000-0000-4000-8000-000000000001' for update");

            var batch =
                    "select concat_ws(' ', conversations, elements, more) from history.backfill_batch(2000, 8388608, 60)";
            assertEquals("60 60 t", OldDatabase.query(owner, batch).getFirst());
            assertEquals("59 59 t", OldDatabase.query(owner, batch).getFirst());
            assertEquals("0 0 t", OldDatabase.query(owner, batch).getFirst());
            user.rollback();
            assertEquals("0 60 t", OldDatabase.query(owner, batch).getFirst());
            assertEquals("1 40 t", OldDatabase.query(owner, batch).getFirst());
            assertEquals("0 0 f", OldDatabase.query(owner, batch).getFirst());
        }
    }

    /** The function that looks for standbys is replaced, since a test cannot wait until one is 30 s behind. */
    @Test
    void theBackfillWaitsForAStandbyAndGoesOnByItself() throws Exception {
        try (var old = OldDatabase.empty(
                PostgresVersion.V18,
                Owner.PLAIN,
                MANY,
                "create sequence looks; grant all on sequence looks to public")) {
            var behind = behind("'standby s1'");

            var looks = new AtomicInteger();
            var stopped = Migration.of(old.environment())
                    .run(
                            new Order(Action.MIGRATE, ""),
                            new TimeLeft(() -> looks.getAndIncrement() == 0 ? 60_000 : 0),
                            after("expand", () -> define(old, behind)));

            assertTrue(stopped.callAgain(), stopped::json);
            assertTrue(stopped.steps().getLast().detail().contains("behind: standby s1"), stopped::json);
            assertEquals("120", old.value("select count(*) from conversations where last_seq is null"));

            var caughtUp = behind("case when nextval('public.looks') < 3 then 'standby s1' end");
            var report = Migration.of(old.environment())
                    .run(
                            new Order(Action.MIGRATE, ""),
                            TimeLeft.UNLIMITED,
                            after("memberships", () -> define(old, caughtUp))
                                    .andThen(after(
                                            "backfill",
                                            () -> define(old, SqlFile.text("backfill/standbys_behind.sql")))));

            assertTrue(report.succeeded(), report::json);
            assertEquals("migrated", report.phase());
            assertTrue(Integer.parseInt(old.value("select last_value from looks")) >= 3);
        }
    }

    private static String behind(String answer) {
        return "create or replace function history.standbys_behind() returns text language sql volatile set search_path = pg_catalog, pg_temp as $$ select %s $$"
                .formatted(answer);
    }

    private static boolean define(OldDatabase old, String function) throws SQLException {
        old.execute(function);
        return true;
    }
}
