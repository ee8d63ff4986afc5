package history.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The few connections of a function: opened when they are needed, the one that was used last first.
 *
 * <p>Opening one fails at once and says why, or when the time that the call has for it is over. A function is frozen between
 * calls, so a connection may be dead when it is taken: whoever cannot ask twice takes a tried one.
 */
final class Connections implements AutoCloseable {
    private static final Duration LIFETIME = Duration.ofMinutes(15);
    private static final Duration LONG_AGO = Duration.ofMinutes(1);

    private final DatabaseConfig config;
    private final Semaphore places;
    private final Deque<Lease> idle = new ConcurrentLinkedDeque<>();

    Connections(DatabaseConfig config) {
        this.config = config;
        this.places = new Semaphore(config.poolSize(), true);
    }

    /** A connection that nobody else has until it is given back; ages are by the wall clock, which goes on in a snapshot. */
    final class Lease implements AutoCloseable {
        final Connection connection;
        private final Instant opened = Instant.now();
        private Instant used = opened;
        private boolean spoilt;

        private Lease(Connection connection) {
            this.connection = connection;
        }

        /** It is not to be used again. */
        void spoil() {
            spoilt = true;
        }

        private boolean isUsable(boolean tried) {
            var now = Instant.now();
            return now.isBefore(opened.plus(LIFETIME)) && (!tried || answers(now.isAfter(used.plus(LONG_AGO))));
        }

        /** What the server has said or closed meanwhile is at hand; that the way to it is gone shows only when it is asked. */
        private boolean answers(boolean ask) {
            try {
                connection.getClass().getMethod("getNotifications", int.class).invoke(connection, 1);
                return !ask || connection.isValid(2);
            } catch (ReflectiveOperationException | SQLException closed) {
                return false;
            }
        }

        private void drop() {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException gone) {
                // All the better.
            }
        }

        @Override
        public void close() {
            used = Instant.now();
            if (spoilt) {
                drop();
            } else {
                idle.addFirst(this);
            }
            places.release();
        }
    }

    /** @param tried whether it must be known to live */
    Lease take(Duration limit, boolean tried) throws SQLException {
        if (!placeWithin(limit)) {
            throw new SQLException("every connection of DATABASE_POOL_SIZE is in use", "53000");
        }
        Lease lease = null;
        try {
            lease = kept(tried);
            return lease == null ? lease = new Lease(open(limit)) : lease;
        } finally {
            if (lease == null) {
                places.release();
            }
        }
    }

    private boolean placeWithin(Duration limit) throws SQLException {
        try {
            return places.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", "57014", interrupted);
        }
    }

    private @Nullable Lease kept(boolean tried) {
        for (Lease lease = idle.pollFirst(); lease != null; lease = idle.pollFirst()) {
            if (lease.isUsable(tried)) {
                return lease;
            }
            lease.drop();
        }
        return null;
    }

    /** The login is read anew: a password may have been rotated. */
    private Connection open(Duration limit) throws SQLException {
        Properties login = config.login(limit);
        login.setProperty("loginTimeout", Long.toString(Math.max(1, limit.toSeconds())));
        return DriverManager.getConnection(config.jdbcUrl(), login);
    }

    /** Closes what nobody uses. */
    @Override
    public void close() {
        for (Lease lease = idle.pollFirst(); lease != null; lease = idle.pollFirst()) {
            lease.drop();
        }
    }
}
