package history.db;

import history.auth.Caller;
import history.config.Variables;
import history.failure.Failure;
import history.log.RequestLog;
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
 * Runs one statement, or a batch of which the last rows are the result, as one caller in one network round trip.
 *
 * <p>With autocommit on, the driver sends the settings and the statement as one pipelined batch under a single Sync. The
 * server runs that as one implicit transaction: the transaction-local role and claims apply to the statement and are gone
 * after it, whoever gets the connection next. If a setting is refused, the statement never runs.
 */
public final class Database implements AutoCloseable {
    private static final String SETTINGS = """
            select set_config('role', 'authenticated', true),
                   set_config('request.jwt.claims', ?, true),
                   set_config('app.tenant_id', ?, true),
                   set_config('statement_timeout', ?, true),
                   set_config('lock_timeout', ?, true),
                   set_config('jit', 'off', true),
                   set_config('transaction_read_only', coalesce(?, current_setting('transaction_read_only')), true);
            """;
    private static final int SETTINGS_PARAMETERS = 5;

    /** How often a statement is sent that others' locks keep from being done, which may be in its way again; any other one twice. */
    private static final int TRIES = 4;

    private static final Duration STATEMENT = Duration.ofSeconds(8);

    /** How much longer than the statement timeout to wait for a silent server. */
    private static final Duration SILENCE = Duration.ofMillis(500);

    /** The part of a call's time that is reserved for the response, whatever happens to its statements. */
    private static final Duration ANSWERING = Duration.ofSeconds(1);

    private final Connections connections;
    private volatile boolean roleChecked;

    /** Reads the result from the rows of a statement. */
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

    /** Runs a query in a read-only transaction, and again if the connection turns out to be dead. */
    public <T extends @Nullable Object> T read(Caller caller, Call call, Reader<T> reader) {
        return run(caller, new Batch(call, true, true), reader);
    }

    /** Runs an idempotent statement: it is sent again when the connection breaks. */
    public <T extends @Nullable Object> T write(Caller caller, Call call, Reader<T> reader) {
        return run(caller, new Batch(call, false, true), reader);
    }

    /** Runs a statement that is not idempotent: it is sent again only if it certainly has done nothing. */
    public <T extends @Nullable Object> T writeOnce(Caller caller, Call call, Reader<T> reader) {
        return run(caller, new Batch(call, false, false), reader);
    }

    private record Batch(Call call, boolean readOnly, boolean repeatable) {}

    /** Nobody changes anything, and leaves no connection behind, which would end up in a snapshot. */
    private <T extends @Nullable Object> T run(Caller caller, Batch batch, Reader<T> reader) {
        try {
            return tried(caller, batch, reader);
        } finally {
            if (caller.isNobody()) {
                close();
            }
        }
    }

    private <T extends @Nullable Object> T tried(Caller caller, Batch batch, Reader<T> reader) {
        for (int tries = 1; ; tries++) {
            long began = System.nanoTime();
            try (var connection = connection(caller, batch)) {
                return once(connection, caller, batch, reader);
            } catch (SQLException failure) {
                boolean lostARace = SqlFailure.hasLostARace(failure);
                if (SqlFailure.hasDoneNothing(failure)
                        || SqlFailure.isConnectionLost(failure)
                        || SqlFailure.staysWithConnection(failure)) {
                    connections.evict(); // what ended or spoilt one connection has usually ended or spoilt all
                }
                boolean harmless = lostARace
                        || SqlFailure.isExchanged(failure)
                        || SqlFailure.hasDoneNothing(failure)
                        || (batch.repeatable && SqlFailure.isConnectionLost(failure));
                if (tries >= (lostARace ? TRIES : 2)
                        || !harmless
                        || left(caller).isZero()) {
                    throw SqlFailure.translate(failure, statement(), batch.readOnly);
                }
            } finally {
                RequestLog.current().trip(System.nanoTime() - began);
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
            throw SqlFailure.notConnected(failure, statement(), connections.hosts());
        }
    }

    private <T extends @Nullable Object> T once(Connection connection, Caller caller, Batch batch, Reader<T> reader)
            throws SQLException {
        Duration limit = least(STATEMENT, left(caller));
        connection.setNetworkTimeout(
                Runnable::run, Math.toIntExact(limit.plus(SILENCE).toMillis()));
        checkRole(connection);
        try (PreparedStatement statement = connection.prepareStatement(SETTINGS + batch.call.sql())) {
            statement.setString(1, caller.claims());
            statement.setString(2, caller.tenantClaim() == null ? "" : caller.tenantClaim());
            statement.setString(3, Math.max(2, limit.toMillis()) + "ms");
            // Sooner, so that an error tells waiting from working.
            statement.setString(4, Math.max(1, limit.toMillis() / 2) + "ms");
            // Not set to off: a standby must refuse a change with an error of its own.
            statement.setString(5, batch.readOnly || caller.isNobody() ? "on" : null);
            var parameters = batch.call.parameters();
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(SETTINGS_PARAMETERS + 1 + i, parameters[i]);
            }
            return reader.read(lastRows(statement));
        }
    }

    /** The time that the call has left for its statements. */
    private static Duration left(Caller caller) {
        Duration left = Duration.between(Instant.now(), caller.until()).minus(ANSWERING);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The last rows of a batch. Each of its statements sees what those before it did and, after waiting for a lock, what others did. */
    private static ResultSet lastRows(PreparedStatement statement) throws SQLException {
        ResultSet last = null;
        boolean isRows = statement.execute();
        while (isRows || statement.getUpdateCount() != -1) {
            last = isRows ? statement.getResultSet() : last;
            isRows = statement.getMoreResults(Statement.KEEP_CURRENT_RESULT);
        }
        return Objects.requireNonNull(last, "the settings alone give rows");
    }

    /** The name of a statement for the log: the method that runs it, since each statement has its own. */
    private static String statement() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().equals(Database.class.getName()))
                        .findFirst()
                        .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                        .orElse("?"));
    }

    /** Checks the login role until it is right, then never again: row level security would not bind a role that can bypass it. */
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
