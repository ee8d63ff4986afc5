package history.migration;

import static org.junit.jupiter.api.Assertions.assertTrue;

import history.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The old application and the new API at work on the same conversations, remembering what they were told is stored. */
final class Traffic implements AutoCloseable {
    /** Between two turns of one of them, so that it is their number that tries the migration, and not their load. */
    private static final Duration PAUSE = Duration.ofMillis(Boolean.getBoolean("hunt") ? 0 : 10);

    final Queue<String> stored = new ConcurrentLinkedQueue<>();
    final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    final AtomicInteger oldStatements = new AtomicInteger();
    final AtomicInteger apiStatements = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private final OldDatabase database;
    private final List<UUID> conversations;
    private final List<Thread> threads;

    /** One turn of somebody's work. */
    @FunctionalInterface
    private interface Turn {
        void take(Random random, int number) throws SQLException;
    }

    /** Starts two of each; every conversation has one old tab, and any number of API calls. */
    Traffic(OldDatabase database, List<UUID> conversations) throws SQLException {
        this(database, conversations, true);
    }

    private Traffic(OldDatabase database, List<UUID> conversations, boolean sessions) throws SQLException {
        this.database = database;
        this.conversations = conversations;
        var half = conversations.size() / 2;
        threads = sessions
                ? List.of(
                        start(old(0, conversations.subList(0, half)), 1),
                        start(old(1, conversations.subList(half, conversations.size())), 2),
                        start(api(0), 3),
                        start(api(1), 4))
                : List.of(start(api(0), 3), start(api(1), 4));
    }

    /** Without the old application. */
    static Traffic ofApi(OldDatabase database, List<UUID> conversations) throws SQLException {
        return new Traffic(database, conversations, false);
    }

    private Thread start(Turn turn, int seed) {
        return Thread.startVirtualThread(() -> {
            var random = new Random(seed);
            try {
                for (var number = 0; !over.get(); number++) {
                    turn.take(random, number);
                    Thread.sleep(PAUSE);
                }
            } catch (SQLException | RuntimeException | InterruptedException e) {
                failures.add(e);
            }
        });
    }

    private Turn old(int name, List<UUID> mine) throws SQLException {
        var connection = database.oldApplication();
        execute(connection, "set application_name = 'old'");
        var select =
                connection.prepareStatement("select coalesce(messages, '[]')::text from chat_sessions where id = ?");
        var everything = connection.prepareStatement("select * from chat_sessions where id = ?");
        var update = connection.prepareStatement("update chat_sessions set messages = ?::jsonb where id = ?");
        var insert = connection.prepareStatement("""
                insert into chat_sessions (id, tenant_id, user_id, title, messages) values (?, ?::uuid, ?::uuid, null, ?::jsonb)
                on conflict (id) do update set messages = excluded.messages returning id, title""");
        return (random, number) -> {
            var id = mine.get(random.nextInt(mine.size()));
            var content = "old-" + name + "-" + number;
            var element = """
                    {"id":"%1$s","content":"%1$s","role":"user","timestamp":"2024-05-05T05:05:05.005Z","sessionId":"s"}""".formatted(content);
            if (random.nextInt(10) == 0) {
                insert.setObject(1, UUID.randomUUID());
                insert.setString(2, OldDatabase.TENANT_A);
                insert.setString(3, OldDatabase.ADA);
                insert.setString(4, "[" + element + "]");
                insert.executeQuery().close();
            } else {
                select.setObject(1, id);
                String messages;
                try (var row = select.executeQuery()) {
                    row.next();
                    messages = row.getString(1).strip();
                }
                var body = messages.substring(1, messages.length() - 1);
                update.setString(1, "[" + body + (body.isBlank() ? "" : ",") + element + "]");
                update.setObject(2, id);
                update.executeUpdate();
                everything.setObject(1, id);
                everything.executeQuery().close();
            }
            stored.add(content);
            oldStatements.addAndGet(3);
        };
    }

    private Turn api(int name) throws SQLException {
        var connection = database.caller(OldDatabase.ADA);
        var migrated = connection.prepareStatement("select to_regclass('public.messages') is not null");
        return (random, number) -> {
            try (var row = migrated.executeQuery()) {
                row.next();
                if (!row.getBoolean(1)) {
                    return;
                }
            }
            var content = "api-" + name + "-" + number;
            var conversation = conversations.get(random.nextInt(conversations.size()));
            if (random.nextInt(10) == 0) {
                conversation = UUID.randomUUID();
                execute(connection, """
                        insert into conversations (id, tenant_id, user_id, title) values ('%s', '%s', '%s', 'live')""".formatted(conversation, OldDatabase.TENANT_A, OldDatabase.ADA));
            }
            try (var insert = connection.prepareStatement("""
                    insert into messages (tenant_id, conversation_id, user_id, role, content)
                    values (?::uuid, ?, ?::uuid, 'assistant', ?)""")) {
                insert.setString(1, OldDatabase.TENANT_A);
                insert.setObject(2, conversation);
                insert.setString(3, OldDatabase.ADA);
                insert.setString(4, content);
                insert.executeUpdate();
            }
            stored.add(content);
            apiStatements.incrementAndGet();
        };
    }

    /** Until they have done so much more, or have failed. */
    void await(int statements) {
        var until = oldStatements.get() + apiStatements.get() + statements;
        while (oldStatements.get() + apiStatements.get() < until && failures.isEmpty()) {
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** Of what was stored, nothing is missing and nothing twice among the contents that are found. */
    void assertStoredOnce(String found) throws SQLException {
        try (var connection = database.database().connect(PostgresServer.SUPERUSER);
                var select = connection.prepareStatement("""
                        select format('%%s is there %%s times', wanted.content, count(found.content))
                        from unnest(?) wanted(content) left join (%s) found on found.content = wanted.content
                        group by wanted.content having count(found.content) <> 1 limit 5""".formatted(found))) {
            select.setArray(1, connection.createArrayOf("text", stored.toArray()));
            try (var row = select.executeQuery()) {
                assertTrue(!row.next(), () -> "lost or doubled among " + stored.size());
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Lets everybody finish what they are doing. */
    @Override
    public void close() {
        over.set(true);
        threads.forEach(Traffic::join);
    }

    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
