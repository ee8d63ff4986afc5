package history.migration;

import java.sql.SQLException;
import java.time.Duration;

/**
 * Keeps two runs apart: a lock that ends with its connection, and a row that says whose it is.
 *
 * <p>A killed run's connection may outlive it for a moment, so a taken lock is asked for again for a while.
 */
final class Lease implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String LOCK = "select pg_try_advisory_lock(7310868, 1)";
    private static final String ROW = """
            insert into history.lease (holder, action, backend) values (?, ?, pg_backend_pid())
            on conflict (only_row) do update
            set holder = excluded.holder, action = excluded.action, backend = excluded.backend, since = now(), heartbeat = now()
            returning 1""";
    private static final String HOLDER = """
            select format('%s runs %s since %s, last heard of at %s', holder, action,
                to_char(since, 'HH24:MI:SS'), to_char(heartbeat, 'HH24:MI:SS TZ')) from history.lease""";

    private final Session session;
    private boolean noted;

    private Lease(Session session) {
        this.session = session;
    }

    /** @throws Held when another run has it */
    static Lease take(Session session) throws SQLException, Held {
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (!session.isTrue(LOCK)) {
            if (System.nanoTime() > until) {
                throw new Held(holder(session));
            }
            Retry.pause(Duration.ofMillis(200));
        }
        return new Lease(session);
    }

    private static String holder(Session session) throws SQLException {
        if (!session.isTrue("select to_regclass('history.lease') is not null")) {
            return "another run has just begun";
        }
        var holders = session.list(HOLDER, row -> row.getString(1));
        return holders.isEmpty() ? "another run has just begun" : holders.getFirst();
    }

    /** Writes down who has it, as soon as there is a place for that. */
    void note(String holder, Action action) throws SQLException {
        if (session.isTrue("select to_regclass('history.lease') is not null")) {
            session.number(ROW, holder, action.word());
            noted = true;
        }
    }

    void beat() throws SQLException {
        if (noted) {
            session.execute("update history.lease set heartbeat = now()");
        }
    }

    @Override
    public void close() throws SQLException {
        if (noted) {
            session.execute("delete from history.lease where backend = pg_backend_pid()");
        }
        session.execute("select pg_advisory_unlock(7310868, 1)");
    }

    /** Another run has the lease. */
    static final class Held extends Exception {
        Held(String holder) {
            super(holder);
        }
    }
}
