package history.migration;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One connection of the migration, on which every statement is a transaction. */
final class Session implements AutoCloseable {
    /** Reads one row. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static final String SETTINGS = """
            set search_path = history_maintenance, pg_temp;
            set row_security = on;
            set statement_timeout = '10min';
            set lock_timeout = '500ms';
            set idle_in_transaction_session_timeout = '1min';
            set work_mem = '64MB';
            set client_min_messages = warning""";

    private final Connection connection;

    private Session(Connection connection) {
        this.connection = connection;
    }

    static Session open(DatabaseAddress address) throws SQLException {
        var session = new Session(DriverManager.getConnection(address.url(), address.properties()));
        session.execute(SETTINGS);
        // A killed client's statement ends with it; not every platform has it.
        session.tryExecute("set client_connection_check_interval = '500ms'");
        return session;
    }

    /** Runs a script as it is, in one transaction unless it says otherwise. */
    void execute(String script) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(script);
        }
    }

    private void tryExecute(String script) {
        try {
            execute(script);
        } catch (SQLException e) {
            // An optional setting: without it everything still works.
            Progress.log("not supported here: " + script);
        }
    }

    <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... parameters) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (var rows = statement.executeQuery()) {
                var list = new ArrayList<T>();
                while (rows.next()) {
                    list.add(reader.read(rows));
                }
                return list;
            }
        }
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
