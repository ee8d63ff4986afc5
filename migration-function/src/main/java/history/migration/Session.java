package history.migration;

import history.access.DatabaseAddress;
import history.access.Login;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** One connection of the migration. Every statement on it is a transaction. */
final class Session implements AutoCloseable {
    /** Reads one row. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** How long a server may be away in a failover. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final int LOGINS = 4;

    private final DatabaseAddress address;
    private Connection connection;

    Session(DatabaseAddress address) throws SQLException {
        this.address = address;
        connection = connect();
    }

    private Connection connect() throws SQLException {
        var fresh = rotating();
        try (var statement = fresh.createStatement()) {
            statement.execute(SqlFile.text("session.sql"));
        } catch (SQLException e) {
            fresh.close();
            throw e;
        }
        return fresh;
    }

    /** If the password is refused, it is read again, and once more after a moment: it may be rotating. */
    private Connection rotating() throws SQLException {
        for (var attempt = 1; ; attempt++) {
            try {
                return DriverManager.getConnection(address.url(), login(address, attempt - 1));
            } catch (SQLException e) {
                if (address.login().isEmpty() || attempt == LOGINS || !Login.isRefused(e)) {
                    throw e;
                }
            }
            if (attempt > 1) {
                Retry.pause(Duration.ofSeconds(3));
            }
        }
    }

    /** The driver's properties with the current password. */
    static Properties login(DatabaseAddress address, int failed) throws SQLException {
        try {
            return address.login(failed, Duration.ofSeconds(10));
        } catch (IOException e) {
            throw new SQLException("its password could not be read: " + e.getMessage(), "28000", e);
        }
    }

    /** Replaces a lost connection, as soon as a server accepts writes. */
    void reopen(TimeLeft timeLeft) throws SQLException, Stop {
        try {
            connection.close();
        } catch (SQLException e) {
            Log.line("The lost connection could not be closed: " + Failure.sentence(e));
        }
        var until = System.nanoTime() + PATIENCE.toNanos();
        for (var attempt = 1; ; attempt++) {
            try {
                connection = connect();
                if (!isTrue("select pg_is_in_recovery()")) {
                    return;
                }
                connection.close();
                throw new SQLException("it is a standby", "25006");
            } catch (SQLException e) {
                if (!Retry.isAway(e) || System.nanoTime() > until) {
                    throw e;
                }
            }
            if (timeLeft.isShort()) {
                throw Stop.outOfTime("the server is away");
            }
            Retry.pauseAfter(attempt);
        }
    }

    Phase phase() throws SQLException {
        if (isOurs()) {
            return Phase.named(text("select coalesce((select phase from history.state), 'none')"));
        }
        return Phase.NONE;
    }

    /** Whether there is a plain table, neither a view nor partitioned. */
    boolean hasTable(String name) throws SQLException {
        return isTrue("select exists (select from pg_class where oid = to_regclass(?) and relkind = 'r')", name);
    }

    /** Whether schema history is ours: a team may have its own, which this role perhaps may not use. */
    boolean isOurs() throws SQLException {
        return isTrue("""
                select exists (select from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relname = 'state'
                    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'history' where a.attname = 'backfilled_to')""");
    }

    /** The owner of our schema, if this role may not even read its phase; otherwise empty. */
    String forbiddingOwner() throws SQLException {
        return text("""
                select coalesce((select min(pg_get_userbyid(c.relowner)) from pg_class c
                    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'history'
                    join pg_attribute a on a.attrelid = c.oid and a.attname = 'backfilled_to'
                    where c.relname = 'state' and not (
                        has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select'))), '')""");
    }

    /** Whether an earlier version made the schema. */
    boolean isOfEarlierVersion() throws SQLException {
        return isOurs() && isTrue("select to_regprocedure('history.differences(text)') is null");
    }

    /** Runs a script unchanged, in one transaction unless it says otherwise. */
    void execute(String script) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(script);
        }
    }

    <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... parameters) throws SQLException {
        try (var statement = prepared(sql, parameters)) {
            try (var rows = statement.executeQuery()) {
                var list = new ArrayList<T>();
                while (rows.next()) {
                    list.add(reader.read(rows));
                }
                return list;
            }
        }
    }

    /** Reads rows one by one, only a few of which are in memory. */
    void each(String sql, RowReader<?> reader, @Nullable Object... parameters) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = prepared(sql, parameters)) {
            statement.setFetchSize(10);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private PreparedStatement prepared(String sql, @Nullable Object... parameters) throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (var i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    /** Reads rows with {@code blocks}, {@code finding} and {@code remedy}. */
    List<Finding> findings(String sql, @Nullable Object... parameters) throws SQLException {
        return list(sql, Session::finding, parameters);
    }

    static Finding finding(ResultSet row) throws SQLException {
        return new Finding(row.getBoolean("blocks"), row.getString("finding"), row.getString("remedy"));
    }

    <T> T one(String sql, RowReader<T> reader, @Nullable Object... parameters) throws SQLException {
        return Objects.requireNonNull(list(sql, reader, parameters).getFirst());
    }

    String text(String sql, @Nullable Object... parameters) throws SQLException {
        return one(sql, row -> Objects.requireNonNullElse(row.getString(1), ""), parameters);
    }

    long number(String sql, @Nullable Object... parameters) throws SQLException {
        return one(sql, row -> row.getLong(1), parameters);
    }

    boolean isTrue(String sql, @Nullable Object... parameters) throws SQLException {
        return one(sql, row -> row.getBoolean(1), parameters);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
