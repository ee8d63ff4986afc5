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
    private final String holder;
    private final Action action;
    private boolean noted;

    private Lease(Session session, String holder, Action action) {
        this.session = session;
        this.holder = holder;
        this.action = action;
    }

    /** @throws Held when another run has it */
    static Lease take(Session session, String holder, Action action) throws SQLException, Held {
        if (!isFree(session, PATIENCE)) {
            throw new Held(holder(session));
        }
        return new Lease(session, holder, action);
    }

    /** On a new connection; what is left of the lost one may hold it for a while. */
    void retake() throws SQLException, Stop {
        noted = false;
        if (!isFree(session, PATIENCE.multipliedBy(6))) {
            throw Stop.outOfTime("another run has begun: " + holder(session));
        }
    }

    private static boolean isFree(Session session, Duration patience) throws SQLException {
        var until = System.nanoTime() + patience.toNanos();
        while (!session.isTrue(LOCK)) {
            if (System.nanoTime() > until) {
                return false;
            }
            Retry.pause(Duration.ofMillis(200));
        }
        return true;
    }

    private static String holder(Session session) throws SQLException {
        if (!session.isTrue("select to_regclass('history.lease') is not null")) {
            return "another run has just begun";
        }
        var holders = session.list(HOLDER, row -> row.getString(1));
        return holders.isEmpty() ? "another run has just begun" : holders.getFirst();
    }

    /** Writes down who has it, as soon as there is a place for that. */
    void note() throws SQLException {
        if (!noted && session.isTrue("select to_regclass('history.lease') is not null")) {
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
    public void close() {
        try {
            if (noted) {
                session.execute("delete from history.lease where backend = pg_backend_pid()");
            }
            session.execute("select pg_advisory_unlock(7310868, 1)");
        } catch (SQLException e) {
            // Both end with the connection.
            ProgressBar.log("The lease could not be given back: " + Failure.sentence(e));
        }
    }

    /** Another run has the lease. */
    static final class Held extends Exception {
        Held(String holder) {
            super(holder);
        }
    }
}
