package history.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import history.auth.Caller;
import history.config.Variables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs one statement, or a batch of them of which the last rows count, as one caller in one network round trip.
 *
 * <p>With autocommit on, the driver sends the settings and the statement as one pipelined batch under a single Sync. The
 * server runs that as one implicit transaction: the transaction-local role and claims reach the statement and are gone
 * after it, whoever gets the connection next. If a setting is refused the statement is never run.
 */
public final class Database implements AutoCloseable {
    private static final String SETTINGS = """
            select set_config('role', 'authenticated', true),
                   set_config('request.jwt.claims', ?, true),
                   set_config('app.tenant_id', ?, true),
                   set_config('statement_timeout', '8s', true),
                   set_config('jit', 'off', true),
                   set_config('transaction_read_only', ?, true);
            """;
    private static final int SETTINGS_PARAMETERS = 3;

    static {
        // Hikari would spend a round trip on asking whether a connection lives; we ask with the statement and try
        // again.
        System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", Long.toString(Long.MAX_VALUE));
    }

    private final DatabaseConfig config;
    private @Nullable HikariDataSource pool;
    private volatile boolean roleChecked;

    /** Makes a result of the rows of a statement. */
    @FunctionalInterface
    public interface Reader<T extends @Nullable Object> {
        T read(ResultSet rows) throws SQLException;
    }

    private Database(DatabaseConfig config) {
        this.config = config;
    }

    /** Connects when it is first needed. */
    public static Database from(Variables variables) {
        return new Database(DatabaseConfig.from(variables));
    }

    /** As {@link #read(Caller, String, Reader, Object...)}. */
    public <T extends @Nullable Object> T read(Caller caller, Call call, Reader<T> reader) {
        return twice(caller, true, call.sql(), reader, call.parameters());
    }

    /** As {@link #write(Caller, String, Reader, Object...)}. */
    public <T extends @Nullable Object> T write(Caller caller, Call call, Reader<T> reader) {
        return twice(caller, false, call.sql(), reader, call.parameters());
    }

    /** As {@link #writeOnce(Caller, String, Reader, Object...)}. */
    public <T extends @Nullable Object> T writeOnce(Caller caller, Call call, Reader<T> reader) {
        return writeOnce(caller, call.sql(), reader, call.parameters());
    }

    /** Runs a query in a read-only transaction; once more when the connection turns out to be dead. */
    public <T extends @Nullable Object> T read(
            Caller caller, String sql, Reader<T> reader, @Nullable Object... parameters) {
        return twice(caller, true, sql, reader, parameters);
    }

    /** Runs a statement that may run twice with the result of once: it is tried again when the connection breaks. */
    public <T extends @Nullable Object> T write(
            Caller caller, String sql, Reader<T> reader, @Nullable Object... parameters) {
        return twice(caller, false, sql, reader, parameters);
    }

    /** Runs a statement that would mean something else the second time; never tried again. */
    public <T extends @Nullable Object> T writeOnce(
            Caller caller, String sql, Reader<T> reader, @Nullable Object... parameters) {
        try {
            return once(caller, false, sql, reader, parameters);
        } catch (SQLException failure) {
            throw SqlFailure.translate(failure, statement());
        }
    }

    private <T extends @Nullable Object> T twice(
            Caller caller, boolean readOnly, String sql, Reader<T> reader, @Nullable Object... parameters) {
        try {
            return once(caller, readOnly, sql, reader, parameters);
        } catch (SQLException failure) {
            if (!SqlFailure.isConnectionLost(failure)) {
                throw SqlFailure.translate(failure, statement());
            }
        }
        pool().getHikariPoolMXBean().softEvictConnections();
        try {
            return once(caller, readOnly, sql, reader, parameters);
        } catch (SQLException failure) {
            throw SqlFailure.translate(failure, statement());
        }
    }

    /** One that the server refused as a whole, because the functions were exchanged under it, is run with those of now. */
    private <T extends @Nullable Object> T once(
            Caller caller, boolean readOnly, String sql, Reader<T> reader, @Nullable Object... parameters)
            throws SQLException {
        try {
            return run(caller, readOnly, sql, reader, parameters);
        } catch (SQLException failure) {
            if (!SqlFailure.isExchanged(failure)) {
                throw failure;
            }
        }
        return run(caller, readOnly, sql, reader, parameters);
    }

    private <T extends @Nullable Object> T run(
            Caller caller, boolean readOnly, String sql, Reader<T> reader, @Nullable Object... parameters)
            throws SQLException {
        try (Connection connection = pool().getConnection()) {
            checkRole(connection);
            try (PreparedStatement statement = connection.prepareStatement(SETTINGS + sql)) {
                statement.setString(1, caller.claims());
                statement.setString(2, caller.tenantClaim() == null ? "" : caller.tenantClaim());
                statement.setString(3, readOnly ? "on" : "off");
                for (int i = 0; i < parameters.length; i++) {
                    statement.setObject(SETTINGS_PARAMETERS + 1 + i, parameters[i]);
                }
                return reader.read(lastRows(statement));
            }
        }
    }

    /** Of a batch: each of its statements sees what those before it did and, having waited for a lock, what others did. */
    private static ResultSet lastRows(PreparedStatement statement) throws SQLException {
        ResultSet last = null;
        boolean isRows = statement.execute();
        while (isRows || statement.getUpdateCount() != -1) {
            last = isRows ? statement.getResultSet() : last;
            isRows = statement.getMoreResults(Statement.KEEP_CURRENT_RESULT);
        }
        return Objects.requireNonNull(last, "the settings alone give rows");
    }

    /** Each statement has a method of its own that runs it, whose name is the statement's. */
    private static String statement() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().equals(Database.class.getName()))
                        .findFirst()
                        .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                        .orElse("?"));
    }

    /** Asked until the answer is yes, once in a function's life: row level security binds nobody who can step around it. */
    private void checkRole(Connection connection) throws SQLException {
        if (!roleChecked) {
            LoginRole.check(connection);
            roleChecked = true;
        }
    }

    private synchronized HikariDataSource pool() {
        if (pool == null) {
            pool = open(config);
        }
        return pool;
    }

    private static HikariDataSource open(DatabaseConfig config) {
        var hikari = new HikariConfig();
        hikari.setPoolName("history");
        hikari.setJdbcUrl(config.jdbcUrl());
        hikari.setDataSourceProperties(config.login());
        hikari.setMaximumPoolSize(config.poolSize());
        hikari.setMinimumIdle(0);
        hikari.setConnectionTimeout(4_000);
        hikari.setMaxLifetime(15 * 60_000L);
        hikari.setIdleTimeout(5 * 60_000L);
        hikari.setInitializationFailTimeout(-1);
        return new HikariDataSource(hikari);
    }

    /** Closes every connection; the next statement opens a new one. */
    @Override
    public synchronized void close() {
        if (pool != null) {
            pool.close();
            pool = null;
        }
    }
}
