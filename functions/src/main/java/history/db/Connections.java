package history.db;

import history.access.Login;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The few connections of a function. A pool from a library takes a tenth of a cold start.
 *
 * <p>A function is frozen between calls, so an idle connection may be dead; one that has not been used for a minute is tested. A
 * statement that cannot be repeated takes one that was looked at. All ages are by the wall clock: a monotonic one may stand still.
 */
final class Connections implements AutoCloseable {
    private static final Duration TRUSTED = Duration.ofMinutes(1);
    private static final Duration KEPT_IDLE = Duration.ofMinutes(5);
    private static final Duration KEPT = Duration.ofMinutes(15);

    /** Between two attempts while a password is rotated. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final DatabaseConfig config;
    private final Semaphore room;
    private final Deque<Open> idle = new ArrayDeque<>();

    /** Grows when those that are open now must not be used again. */
    private int generation;

    /** Attempts to connect since one has succeeded: each is told, so that the next one may try another password. */
    private final AtomicInteger failed = new AtomicInteger();

    Connections(DatabaseConfig config) {
        this.config = config;
        this.room = new Semaphore(config.poolSize(), true);
    }

    /** A connection for one user until it is closed. */
    final class Open implements AutoCloseable {
        final Connection connection;
        private final int born;
        private final Instant opened = Instant.now();
        private Instant used = opened;

        private Open(Connection connection, int born) {
            this.connection = connection;
            this.born = born;
        }

        private boolean isGood(boolean tried) throws SQLException {
            return isWithin(KEPT, opened)
                    && isWithin(KEPT_IDLE, used)
                    && (isWithin(TRUSTED, used) || connection.isValid(1))
                    && (!tried || isOpen(connection));
        }

        /** Gives it back. */
        @Override
        public void close() throws SQLException {
            used = Instant.now();
            boolean isGone = connection.isClosed();
            synchronized (idle) {
                isGone |= born != generation;
                if (!isGone) {
                    idle.push(this);
                }
            }
            if (isGone) {
                connection.close();
            }
            room.release();
        }
    }

    /** A connection in that time. If tried, the server has neither sent nor closed anything on it. */
    Open take(Duration limit, boolean tried) throws SQLException {
        Instant end = Instant.now().plus(limit);
        awaitRoom(limit);
        try {
            for (var open = poll(); open != null; open = poll()) {
                if (open.isGood(tried)) {
                    return open;
                }
                open.connection.close();
            }
            int born;
            synchronized (idle) {
                born = generation;
            }
            return new Open(connect(end), born);
        } catch (SQLException | RuntimeException none) {
            room.release();
            throw none;
        }
    }

    private void awaitRoom(Duration limit) throws SQLException {
        try {
            if (!room.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SQLException("no connection in the time of the call", "08001");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting for a connection", "08001", interrupted);
        }
    }

    private @Nullable Open poll() {
        synchronized (idle) {
            return idle.poll();
        }
    }

    /** While a password is rotated, another one may be right. */
    private Connection connect(Instant end) throws SQLException {
        while (true) {
            long left = Math.max(1, Duration.between(Instant.now(), end).toMillis());
            var properties = config.login(failed.getAndIncrement(), Duration.ofMillis(left));
            properties.setProperty("loginTimeout", Double.toString(left / 1000.0));
            try {
                var connection = DriverManager.getConnection(config.address().url(), properties);
                failed.set(0);
                return connection;
            } catch (SQLException refusal) {
                if (config.address().login().isEmpty()
                        || !Login.isRefused(refusal)
                        || Instant.now().plus(PAUSE).isAfter(end)) {
                    throw refusal;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static boolean isWithin(Duration span, Instant since) {
        var age = Duration.between(since, Instant.now());
        return !age.isNegative() && age.compareTo(span) < 0;
    }

    /** Reads whatever the server has sent. By reflection, because the driver's classes are on the class path only at run time. */
    private static boolean isOpen(Connection connection) {
        try {
            connection.getClass().getMethod("getNotifications", int.class).invoke(connection, 1);
            return true;
        } catch (ReflectiveOperationException closed) {
            return false;
        }
    }

    /** For a log. */
    String hosts() {
        return config.address().hosts();
    }

    /** Closes the connections that are open now, those in use when they are given back; the next one that is taken is a new one. */
    @Override
    public void close() {
        Deque<Open> all;
        synchronized (idle) {
            generation++;
            all = new ArrayDeque<>(idle);
            idle.clear();
        }
        for (var open : all) {
            try {
                open.connection.close();
            } catch (SQLException gone) {
                // It was to go.
            }
        }
    }
}
