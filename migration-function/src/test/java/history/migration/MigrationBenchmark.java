package history.migration;

import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long a migration takes, what it costs, and how long others wait for it; beside it, the obvious single statement.
 *
 * <p>{@code ./mvnw -Pbench -Dlarge}. The server keeps its promises (fsync); the heap of this process is limited to 256 MB.
 */
public final class MigrationBenchmark {
    private static final int CONVERSATIONS = Integer.getInteger("bench.conversations", 20_000);
    private static final int EACH = 50;
    private static final int HUGE = Integer.getInteger("bench.huge", 240_000);
    private static final int LAMBDA_SECONDS = 900 - 30;

    private static final String NAIVE = """
            create table naive (like public.messages including defaults including constraints including indexes);
            insert into naive (id, tenant_id, conversation_id, user_id, seq, role, content, created_at)
            select gen_random_uuid(), c.tenant_id, c.id, c.user_id, e.seq, e.value ->> 'role', e.value ->> 'content', now()
            from conversations c cross join lateral jsonb_array_elements(c.messages) with ordinality e(value, seq)""";

    private MigrationBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        var folder = Files.createTempDirectory("migration-benchmark");
        try (var server = PostgresServer.startIn(folder.resolve("data"), PostgresVersion.V18, 0)) {
            var many = measure(server.createDatabase(), CONVERSATIONS, EACH);
            var one = measure(server.createDatabase(), 1, HUGE);
            print("one huge array / many small, per element  %.2f (aim: at most 1.3)", one / many);
        } finally {
            delete(folder);
        }
    }

    /** Returns the seconds that the backfill took for each message; the messages are alike however many an array has. */
    private static double measure(PostgresDatabase database, int conversations, int each) throws Exception {
        database.execute(OldDatabase.resource("phase_0.sql"));
        database.execute("""
            insert into chat_sessions (tenant_id, user_id, title, messages)
            select '%1$s', '%2$s', 'conversation ' || c, (
                select jsonb_agg(jsonb_build_object(
                    'id', format('msg-%%s-%%s', c, i), 'role', case i %% 2 when 0 then 'assistant' else 'user' end,
                    'content', format('Message %%s of %%s. %%s', i, c, repeat('Lorem ipsum dolor sit amet. ', 1 + (i * 7) %% 12)),
                    'timestamp', '2024-01-15T10:00:00.123Z', 'sessionId', 's-' || c))
                from generate_series(1, %4$d) i)
            from generate_series(1, %3$d) c""".formatted(OldDatabase.TENANT_A, OldDatabase.ADA, conversations, each));
        database.execute("vacuum analyze chat_sessions");
        var messages = (long) conversations * each;
        print(
                "%n%,d messages in %,d arrays, the largest of %s",
                messages,
                conversations,
                value(
                        database,
                        "select pg_size_pretty(max(pg_column_size(messages #> '{}'))::bigint) from chat_sessions"));
        var wal = value(database, "select pg_current_wal_lsn()");
        Report report;
        try (var bystander = new Bystander(database)) {
            report = Migration.of(database.environment("postgres")).run(Action.MIGRATE);
            print(
                    "longest wait of a bystander's write   %,d ms in %,d writes",
                    bystander.longest.get(), bystander.writes.get());
        }
        if (!report.succeeded()) {
            throw new IllegalStateException(report.json());
        }
        for (var step : report.steps()) {
            print("  %-12s %8.2f s  %s", step.name(), step.seconds(), step.detail());
        }
        var seconds = report.steps().stream().mapToDouble(StepResult::seconds).sum();
        var backfill = report.steps().stream()
                .filter(it -> it.name().equals("backfill"))
                .mapToDouble(StepResult::seconds)
                .sum();
        print("messages per second, backfill         %,.0f", messages / backfill);
        print("messages per second, everything       %,.0f", messages / seconds);
        print(
                "WAL per message                       %s bytes",
                value(database, "select (pg_current_wal_lsn() - '%s'::pg_lsn)::bigint / %d".formatted(wal, messages)));
        print(
                "heap, at most                         %,d MB of %,d MB",
                peakHeap() >> 20, Runtime.getRuntime().maxMemory() >> 20);
        print("messages in one call of 900 s         %,.0f million", messages / seconds * LAMBDA_SECONDS / 1e6);

        wal = value(database, "select pg_current_wal_lsn()");
        var begun = System.nanoTime();
        database.execute(NAIVE);
        var naive = (System.nanoTime() - begun) / 1e9;
        print(
                "beside it, one insert ... select      %,.0f messages per second, one commit of %.1f s, %s bytes of WAL per message",
                messages / naive,
                naive,
                value(database, "select (pg_current_wal_lsn() - '%s'::pg_lsn)::bigint / %d".formatted(wal, messages)));
        return backfill / messages;
    }

    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }

    private static String value(PostgresDatabase database, String sql) throws SQLException {
        try (var connection = database.connect(PostgresServer.SUPERUSER)) {
            return OldDatabase.query(connection, sql).getFirst();
        }
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static void print(String format, Object... values) {
        System.out.println(String.format(java.util.Locale.ROOT, format, values));
    }

    private static void delete(Path folder) throws java.io.IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Somebody who renames conversations through the old name half of the time. */
    private static final class Bystander implements AutoCloseable {
        final AtomicLong longest = new AtomicLong();
        final AtomicLong writes = new AtomicLong();
        private final AtomicBoolean over = new AtomicBoolean();
        private final Thread thread;

        Bystander(PostgresDatabase database) throws SQLException {
            var connection = database.connect(PostgresServer.SUPERUSER);
            var update = connection.prepareStatement("""
                    update chat_sessions set title = title
                    where id = (select id from chat_sessions where id > gen_random_uuid() order by id limit 1)""");
            thread = Thread.startVirtualThread(() -> {
                try (connection) {
                    while (!over.get()) {
                        var begun = System.nanoTime();
                        update.executeUpdate();
                        var took = (System.nanoTime() - begun) / 1_000_000;
                        longest.accumulateAndGet(took, Math::max);
                        writes.incrementAndGet();
                        // A rename locks the row, for long where its array is huge.
                        Retry.pause(java.time.Duration.ofMillis(Math.max(5, took)));
                    }
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        @Override
        public void close() {
            over.set(true);
            Traffic.join(thread);
        }
    }
}
