package history.migration;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
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

    /** How long a server may be away in a failover. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Everything that a database or a role may have set for its sessions and that would surprise here. */
    static final String SETTINGS = """
            set default_transaction_isolation = 'read committed';
            set default_transaction_read_only = off;
            set default_transaction_deferrable = off;
            set row_security = on;
            set synchronous_commit = on;
            set standard_conforming_strings = on;
            set quote_all_identifiers = off;
            set array_nulls = on;
            set check_function_bodies = on;
            set client_min_messages = warning;
            set datestyle = 'ISO, MDY';
            set intervalstyle = 'postgres';
            set timezone = 'UTC';
            set extra_float_digits = 1;
            set bytea_output = 'hex';
            set xmloption = 'content';
            set statement_timeout = '10min';
            set lock_timeout = '500ms';
            set idle_in_transaction_session_timeout = '1min';
            set work_mem = '64MB';
            """;

    private static final String PATH = "set search_path = history_maintenance, pg_temp";

    /** What another role makes belongs to it, and its functions would work as it: so whoever may becomes the owner. */
    private static final String BECOME_OWNER = """
            select format('set role %I', r.rolname)
            from pg_attribute a
            join pg_namespace n on n.nspname = 'history'
            join pg_roles r on r.oid = n.nspowner
            where a.attrelid = to_regclass('history.state') and a.attname = 'backfilled_to'
                and r.rolname <> current_user and pg_has_role(current_user, r.oid, 'member')""";

    private final DatabaseAddress address;
    private Connection connection;

    private Session(DatabaseAddress address) throws SQLException {
        this.address = address;
        connection = connect();
    }

    static Session open(DatabaseAddress address) throws SQLException {
        return new Session(address);
    }

    private Connection connect() throws SQLException {
        var fresh = DriverManager.getConnection(address.url(), address.properties());
        try (var statement = fresh.createStatement()) {
            statement.execute(SETTINGS + PATH);
            becomeOwner(statement);
        } catch (SQLException e) {
            fresh.close();
            throw e;
        }
        // Triggers that somebody has switched off for the whole database are on here; only some may say so.
        trySetting(fresh, "session_replication_role", "origin");
        // A killed client's statement ends with it; not every platform has it.
        trySetting(fresh, "client_connection_check_interval", "500ms");
        // Since PostgreSQL 17.
        trySetting(fresh, "transaction_timeout", "0");
        return fresh;
    }

    static void becomeOwner(Statement statement) throws SQLException {
        String role = null;
        try (var rows = statement.executeQuery(BECOME_OWNER)) {
            if (rows.next()) {
                role = rows.getString(1);
            }
        }
        if (role != null) {
            statement.execute(role);
        }
    }

    private static void trySetting(Connection connection, String name, String value) {
        try (var statement =
                connection.prepareStatement("select set_config(name, ?, false) from pg_settings where name = ?")) {
            statement.setString(1, value);
            statement.setString(2, name);
            statement.execute();
        } catch (SQLException notAllowed) {
            // Without it everything still works.
        }
    }

    /** After the connection was lost: a new one, as soon as there is a server that writes. */
    void reopen(TimeLeft timeLeft) throws SQLException, Stop {
        try {
            connection.close();
        } catch (SQLException e) {
            ProgressBar.log("The lost connection could not be closed: " + Failure.sentence(e));
        }
        var until = System.nanoTime() + PATIENCE.toNanos();
        for (var attempt = 1; ; attempt++) {
            try {
                connection = connect();
                requirePrimary();
                return;
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

    private void requirePrimary() throws SQLException {
        if (isTrue("select pg_is_in_recovery()")) {
            connection.close();
            throw new SQLException("it is a standby", "25006");
        }
    }

    /** Runs a script as it is, in one transaction unless it says otherwise. */
    void execute(String script) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(script);
        }
    }

    /** For what waits for every older transaction, and lets nobody wait while it does. */
    void executeWithoutHurry(String statement) throws SQLException {
        execute("set lock_timeout = 0");
        try {
            execute(statement);
        } finally {
            execute("set lock_timeout = '500ms'");
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
