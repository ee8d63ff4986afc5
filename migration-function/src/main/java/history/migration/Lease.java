package history.migration;

import java.sql.SQLException;
import java.time.Duration;

/**
 * Keeps two runs apart: a lock that ends with its connection, and a row that says who holds it.
 *
 * <p>A killed run's connection may outlive it for a moment, so a lock that is taken is tried again for a while.
 */
record Lease(Session session, String holder, Action action) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String LOCK = "select pg_try_advisory_lock(7310868, 1)";
    private static final String HOLDER = """
            select coalesce((select format('%s runs %s since %s, last heard of at %s', holder, action,
                to_char(since, 'HH24:MI:SS'), to_char(heartbeat, 'HH24:MI:SS TZ')) from history.lease), '')""";

    /** @throws Stop when another run has it */
    static Lease take(Session session, String holder, Action action) throws SQLException, Stop {
        var lease = new Lease(session, holder, action);
        lease.take(PATIENCE);
        return lease;
    }

    /** Takes it again on a new connection; the server may keep the lost one, and its lock, for a while. */
    void retake() throws SQLException, Stop {
        take(PATIENCE.multipliedBy(6));
    }

    private void take(Duration patience) throws SQLException, Stop {
        var until = System.nanoTime() + patience.toNanos();
        while (!session.isTrue(LOCK)) {
            if (System.nanoTime() > until) {
                var words = session.isOurs() ? session.text(HOLDER) : "";
                throw Stop.outOfTime("Another run is in progress: " + (words.isEmpty() ? "it has just begun" : words));
            }
            Retry.pause(Duration.ofMillis(200));
        }
    }

    /** Records who holds it and that the run is alive, as soon as the table for it exists. */
    void beat() throws SQLException {
        if (session.isOurs() && session.isTrue("select to_regprocedure('history.beat(text, text)') is not null")) {
            session.text("select history.beat(?, ?)", holder, action.word());
        }
    }

    @Override
    public void close() {
        try {
            if (session.isOurs()) {
                session.execute("delete from history.lease where backend = pg_backend_pid()");
            }
            session.execute("select pg_advisory_unlock(7310868, 1)");
        } catch (SQLException e) {
            // Both end with the connection.
            Log.detail("The lease could not be given back: " + Failure.sentence(e));
        }
    }
}
