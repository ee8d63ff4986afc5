package history.db;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import history.access.Login;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The few connections of a function, in a pool of Hikari's.
 *
 * <p>The pool keeps trying to connect. A caller that waits for it learns at once why it cannot, or when the call's time is over. The
 * pool tells whoever asks why it last failed, however long ago: that is the caller's reason once an attempt has both begun and failed since.
 * A function is frozen between calls, so a pooled connection may be dead. A statement that cannot be repeated takes a tested one.
 */
final class Connections implements AutoCloseable {
    /** The shortest time that Hikari can wait. */
    private static final Duration GLANCE = Duration.ofMillis(250);

    static {
        // Hikari tests a connection that has not been used for this long.
        System.setProperty(
                "com.zaxxer.hikari.aliveBypassWindowMs",
                Long.toString(Duration.ofMinutes(1).toMillis()));
    }

    private final DatabaseConfig config;
    private @Nullable HikariDataSource pool;

    private final AtomicInteger attempts = new AtomicInteger();

    /** Attempts to connect since one has succeeded: each is told, so that the next one may try another password. */
    private final AtomicInteger failed = new AtomicInteger();

    Connections(DatabaseConfig config) {
        this.config = config;
    }

    /** A connection for one user until it is closed. If tried, the server has neither sent nor closed anything on it. */
    Connection take(Duration limit, boolean tried) throws SQLException {
        Instant end = Instant.now().plus(limit);
        int before = attempts.get();
        while (true) {
            try {
                var connection = pool().getConnection();
                failed.set(0);
                if (!tried || isOpen(connection)) {
                    return connection;
                }
                pool().evictConnection(connection);
            } catch (SQLException none) {
                Throwable reason = attempts.get() > before + 1 ? none.getCause() : null;
                if (reason instanceof RuntimeException secret) {
                    throw secret;
                }
                if (reason instanceof SQLException refusal && !mayBeLetInLater(refusal, end)) {
                    throw refusal;
                }
                if (!Instant.now().isBefore(end)) {
                    throw new SQLException("no connection in the time of the call", "08001", none.getCause());
                }
            }
        }
    }

    /** While a password is rotated, another one may be right: the pool goes on asking for it. */
    private boolean mayBeLetInLater(SQLException refusal, Instant end) {
        return config.address().login().isPresent()
                && Login.isRefused(refusal)
                && Instant.now().isBefore(end);
    }

    /** Reads whatever the server has sent. By reflection, because the driver's classes are on the class path only at run time. */
    private static boolean isOpen(Connection connection) {
        try {
            var driver = connection.unwrap(Connection.class);
            driver.getClass().getMethod("getNotifications", int.class).invoke(driver, 1);
            return true;
        } catch (ReflectiveOperationException | SQLException closed) {
            return false;
        }
    }

    /** For a log. */
    String hosts() {
        return config.address().hosts();
    }

    /** Discards the connections that are open now. */
    void evict() {
        pool().getHikariPoolMXBean().softEvictConnections();
    }

    private synchronized HikariDataSource pool() {
        if (pool == null) {
            // Made by its setters: a configuration would be copied by reflection.
            var hikari = new HikariDataSource();
            hikari.setPoolName("history");
            hikari.setJdbcUrl(config.address().url());
            hikari.setDataSourceProperties(config.address().properties());
            hikari.setCredentialsProvider(this::credentials);
            hikari.setMaximumPoolSize(config.poolSize());
            hikari.setMinimumIdle(0);
            hikari.setConnectionTimeout(GLANCE.toMillis());
            hikari.setValidationTimeout(GLANCE.multipliedBy(4).toMillis());
            hikari.setMaxLifetime(Duration.ofMinutes(15).toMillis());
            hikari.setIdleTimeout(Duration.ofMinutes(5).toMillis());
            hikari.setInitializationFailTimeout(-1);
            // Else one that breaks while Hikari asks it for the default leaves the pool with none for ever: HikariCP
            // #1944.
            hikari.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
            pool = hikari;
        }
        return pool;
    }

    /** Read with each connection: a password may have been rotated. */
    private Credentials credentials() {
        attempts.incrementAndGet();
        var login = config.login(failed.getAndIncrement(), DatabaseConfig.CONNECTING);
        return new Credentials(login.getProperty("user"), login.getProperty("password"));
    }

    /** Closes every connection; the next one that is taken is a new one. */
    @Override
    public synchronized void close() {
        if (pool != null) {
            pool.close();
            pool = null;
        }
    }
}
