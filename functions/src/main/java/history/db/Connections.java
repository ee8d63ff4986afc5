package history.db;

import history.access.Login;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The few connections of a function. One that is given back is kept for the next call, which connects by itself if there is none: it
 * waits as long as it has time, and the reason why it cannot is its own.
 *
 * <p>A function is frozen between calls, so a kept connection may be dead. A statement that cannot be repeated takes a tested one.
 */
final class Connections implements AutoCloseable {
    /** After which a kept connection is tested, which is a round trip. */
    private static final Duration TRUSTED = Duration.ofMinutes(1);

    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Duration LIFE = Duration.ofMinutes(15);
    private static final Duration BETWEEN_PASSWORDS = Duration.ofMillis(100);

    private final DatabaseConfig config;
    private final Semaphore free;
    private final ConcurrentLinkedDeque<Taken> kept = new ConcurrentLinkedDeque<>();
    private final AtomicInteger evictions = new AtomicInteger();

    Connections(DatabaseConfig config) {
        this.config = config;
        this.free = new Semaphore(config.poolSize(), true);
    }

    /** A connection for one user until it is closed. If tried, the server has neither sent nor closed anything on it. */
    Taken take(Duration limit, boolean tried) throws SQLException {
        Instant end = Instant.now().plus(limit);
        if (!isFreeWithin(limit)) {
            throw new SQLException("every connection of this function is in use", "53300");
        }
        try {
            for (var old = kept.pollFirst(); old != null; old = kept.pollFirst()) {
                if (old.isUsable(tried)) {
                    return old;
                }
            }
            return new Taken(connect(end));
        } catch (SQLException | RuntimeException | Error none) {
            free.release();
            throw none;
        }
    }

    private boolean isFreeWithin(Duration limit) {
        try {
            return free.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** While a password is rotated, another one may be right: each is asked for until the time is over. */
    private Connection connect(Instant end) throws SQLException {
        for (int failed = 0; ; failed++) {
            var login = config.login(failed, Duration.between(Instant.now(), end));
            int left = Math.clamp(Duration.between(Instant.now(), end).toMillis(), 1, Integer.MAX_VALUE);
            login.setProperty("loginTimeout", Double.toString(left / 1000.0));
            try {
                var connection = DriverManager.getConnection(config.address().url(), login);
                connection.setNetworkTimeout(Runnable::run, left);
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                return connection;
            } catch (SQLException refusal) {
                boolean mayBeLetInLater = config.address().login().isPresent() && Login.isRefused(refusal);
                if (!mayBeLetInLater || !Instant.now().plus(BETWEEN_PASSWORDS).isBefore(end)) {
                    throw refusal;
                }
                LockSupport.parkNanos(BETWEEN_PASSWORDS.toNanos());
            }
        }
    }

    /** For a log. */
    String hosts() {
        return config.address().hosts();
    }

    /** Discards the connections that are open now; one that is in use when it is given back. */
    void evict() {
        evictions.incrementAndGet();
        for (var old = kept.pollFirst(); old != null; old = kept.pollFirst()) {
            old.discard();
        }
    }

    /** Closes every connection; the next one that is taken is a new one. */
    @Override
    public void close() {
        evict();
    }

    /** A connection that is in use, and kept when it is closed. */
    final class Taken implements AutoCloseable {
        private final Connection connection;
        private final int made = evictions.get();
        private final Instant born = Instant.now();
        private volatile Instant used = born;

        private Taken(Connection connection) {
            this.connection = connection;
        }

        Connection connection() {
            return connection;
        }

        /** Whether a kept one may be used again; else it is discarded. */
        private boolean isUsable(boolean tried) {
            var now = Instant.now();
            try {
                if (made == evictions.get()
                        && now.isBefore(used.plus(IDLE))
                        && now.isBefore(born.plus(LIFE))
                        && (now.isBefore(used.plus(TRUSTED)) || connection.isValid(1))
                        && (!tried || isSilent())) {
                    return true;
                }
            } catch (SQLException dead) {
                // As one that is too old.
            }
            discard();
            return false;
        }

        /** Reads whatever the server has sent. By reflection, because the driver's classes are on the class path only at run time. */
        private boolean isSilent() {
            try {
                connection.getClass().getMethod("getNotifications", int.class).invoke(connection, 1);
                return true;
            } catch (ReflectiveOperationException closed) {
                return false;
            }
        }

        private void discard() {
            try {
                connection.close();
            } catch (SQLException gone) {
                // It is of no use to anybody.
            }
        }

        @Override
        public void close() {
            used = Instant.now();
            kept.addFirst(this);
            if (made != evictions.get() && kept.remove(this)) {
                discard();
            }
            free.release();
        }
    }
}
