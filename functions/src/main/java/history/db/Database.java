package history.db;

import history.auth.Caller;
import history.config.Variables;
import history.failure.Failure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
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
                   set_config('statement_timeout', ?, true),
                   set_config('jit', 'off', true),
                   set_config('transaction_read_only', coalesce(?, current_setting('transaction_read_only')), true);
            """;
    private static final int SETTINGS_PARAMETERS = 4;

    private static final Duration STATEMENT = Duration.ofSeconds(8);

    /** How much longer than the server may work on a statement its silence is waited for. */
    private static final Duration SILENCE = Duration.ofMillis(500);

    /** What is kept back of a call's time, so that it is answered whatever becomes of its statements. */
    private static final Duration ANSWERING = Duration.ofSeconds(1);

    private final Connections connections;
    private volatile boolean roleChecked;

    /** Makes a result of the rows of a statement. */
    @FunctionalInterface
    public interface Reader<T extends @Nullable Object> {
        T read(ResultSet rows) throws SQLException;
    }

    private Database(DatabaseConfig config) {
        this.connections = new Connections(config);
    }

    /** Connects when it is first needed. */
    public static Database from(Variables variables) {
        return new Database(DatabaseConfig.from(variables));
    }

    /** As {@link #read(Caller, String, Reader, Object...)}. */
    public <T extends @Nullable Object> T read(Caller caller, Call call, Reader<T> reader) {
        return read(caller, call.sql(), reader, call.parameters());
    }

    /** As {@link #write(Caller, String, Reader, Object...)}. */
    public <T extends @Nullable Object> T write(Caller caller, Call call, Reader<T> reader) {
        return write(caller, call.sql(), reader, call.parameters());
    }

    /** As {@link #writeOnce(Caller, String, Reader, Object...)}. */
    public <T extends @Nullable Object> T writeOnce(Caller caller, Call call, Reader<T> reader) {
        return writeOnce(caller, call.sql(), reader, call.parameters());
    }

    /** Runs a query in a read-only transaction; once more when the connection turns out to be dead. */
    public <T extends @Nullable Object> T read(
            Caller caller, String sql, Reader<T> reader, @Nullable Object... parameters) {
        return run(caller, new Batch(sql, true, true, parameters), reader);
    }

    /** Runs a statement that may run twice with the result of once: it is tried again when the connection breaks. */
    public <T extends @Nullable Object> T write(
            Caller caller, String sql, Reader<T> reader, @Nullable Object... parameters) {
        return run(caller, new Batch(sql, false, true, parameters), reader);
    }

    /** Runs a statement that would mean something else the second time; tried again only where nothing can have happened. */
    public <T extends @Nullable Object> T writeOnce(
            Caller caller, String sql, Reader<T> reader, @Nullable Object... parameters) {
        return run(caller, new Batch(sql, false, false, parameters), reader);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Batch(
            String sql,
            boolean readOnly,
            boolean repeatable,
            @Nullable Object[] parameters) {}

    private <T extends @Nullable Object> T run(Caller caller, Batch batch, Reader<T> reader) {
        for (boolean again = false; ; again = true) {
            try (var connection = connection(caller, batch)) {
                return once(connection, caller, batch, reader);
            } catch (SQLException failure) {
                if (SqlFailure.hasDoneNothing(failure) || SqlFailure.isConnectionLost(failure)) {
                    connections.evict(); // what has ended one has mostly ended all
                }
                boolean harmless = SqlFailure.isExchanged(failure)
                        || SqlFailure.hasDoneNothing(failure)
                        || (batch.repeatable && SqlFailure.isConnectionLost(failure));
                if (again || !harmless || left(caller).isZero()) {
                    throw SqlFailure.translate(failure, statement(), batch.readOnly);
                }
            }
        }
    }

    private Connection connection(Caller caller, Batch batch) {
        Duration left = left(caller);
        if (left.isZero()) {
            throw new Failure(Failure.Kind.DATABASE_AWAY, "the call has no time left for " + statement());
        }
        try {
            return connections.take(least(DatabaseConfig.CONNECTING, left), !batch.repeatable);
        } catch (SQLException failure) {
            throw SqlFailure.translate(
                    failure, statement() + ", connecting to " + connections.hosts() + reason(failure), batch.readOnly);
        }
    }

    private <T extends @Nullable Object> T once(Connection connection, Caller caller, Batch batch, Reader<T> reader)
            throws SQLException {
        Duration limit = least(STATEMENT, left(caller));
        connection.setNetworkTimeout(
                Runnable::run, Math.toIntExact(limit.plus(SILENCE).toMillis()));
        checkRole(connection);
        try (PreparedStatement statement = connection.prepareStatement(SETTINGS + batch.sql)) {
            statement.setString(1, caller.claims());
            statement.setString(2, caller.tenantClaim() == null ? "" : caller.tenantClaim());
            statement.setString(3, Math.max(1, limit.toMillis()) + "ms");
            // A server that takes no changes is to say so where one is made.
            statement.setString(4, batch.readOnly ? "on" : null);
            for (int i = 0; i < batch.parameters.length; i++) {
                statement.setObject(SETTINGS_PARAMETERS + 1 + i, batch.parameters[i]);
            }
            return reader.read(lastRows(statement));
        }
    }

    /** What the driver says, and what is at the bottom of it, such as a certificate that is not trusted. */
    private static String reason(Throwable failure) {
        String root = "";
        for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            root = " (" + cause + ")";
        }
        return (": " + failure.getMessage() + root).replaceAll("\\s+", " ");
    }

    /** What a call still has for its statements. */
    private static Duration left(Caller caller) {
        Duration left = Duration.between(Instant.now(), caller.until()).minus(ANSWERING);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
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

    /** Closes every connection; the next statement opens a new one. */
    @Override
    public void close() {
        connections.close();
    }
}
