package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;

final class LiveTrafficTest {
    private static final String CONVERSATIONS = """
            insert into chat_sessions (tenant_id, user_id, title, messages)
            select '%s', '%s', 'live', (
                select jsonb_agg(jsonb_build_object('id', 'm' || i, 'role', 'user', 'content', format('%%s before %%s', c, i)))
                from generate_series(1, case when c = 1 then 9000 when c %% 7 = 0 then 0 else 40 end) i)
            from generate_series(1, 200) c""".formatted(OldDatabase.TENANT_A, OldDatabase.ADA);

    @Some("V15")
    @Tag("hunt")
    void losesNothingAndBlocksNobody(PostgresVersion version) throws Exception {
        try (var old = OldDatabase.empty(version, Owner.PLAIN)) {
            old.execute(CONVERSATIONS);
            var conversations = old.query("select id from chat_sessions").stream()
                    .map(UUID::fromString)
                    .toList();
            var blocked = new AtomicLong();
            Traffic traffic;
            Report back;
            try (var running = new Traffic(old, conversations);
                    var watch = new Watch(old, blocked)) {
                traffic = running;
                traffic.await(50);

                old.succeed(Action.MIGRATE);
                traffic.await(100);
                watch.check();
            }
            assertEquals(0, traffic.failures.size(), () -> traffic.failures.toString());
            assertTrue(traffic.apiStatements.get() > 0);
            // How long is for -Pbench to say; this only tells a lock that is held from one that is given back at once.
            assertTrue(blocked.get() < 15_000, () -> "blocked for " + blocked + " ms");
            old.succeed(Action.VERIFY);
            traffic.assertStoredOnce("select content from messages");
            traffic.assertStoredOnce(
                    "select e ->> 'content' as content from chat_sessions, jsonb_array_elements(messages) e");
            back = old.succeed(Action.ROLLBACK);
            assertEquals("prepared", back.phase());
            traffic.assertStoredOnce(
                    "select e ->> 'content' as content from chat_sessions, jsonb_array_elements(messages) e");
        }
    }

    /** Looks every few milliseconds how long the old application has been waiting for a lock. */
    private static final class Watch implements AutoCloseable {
        private static final String WAITING = """
                select pg_sleep(0.02), coalesce(max(extract(epoch from clock_timestamp() - query_start) * 1000), 0)
                from pg_stat_activity where application_name = 'old' and wait_event_type = 'Lock'
                    and datname = current_database()""";

        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicLong looks = new AtomicLong();
        private final Thread thread;

        Watch(OldDatabase old, AtomicLong longest) {
            thread = Thread.startVirtualThread(() -> {
                try (var connection = old.database().connect(PostgresServer.SUPERUSER);
                        var select = connection.prepareStatement(WAITING)) {
                    while (!over.get()) {
                        try (var row = select.executeQuery()) {
                            row.next();
                            longest.accumulateAndGet(row.getLong(2), Math::max);
                            looks.incrementAndGet();
                        }
                    }
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        void check() {
            assertTrue(looks.get() > 10, "nobody watched");
        }

        @Override
        public void close() {
            over.set(true);
            Traffic.join(thread);
        }
    }
}
