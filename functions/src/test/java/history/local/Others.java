package history.local;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a database holds that the local run did not make. Only reads, and leaves no setting on the connection. */
final class Others {
    private static final String TENANTS = "(select id from local_run.tenants)";
    private static final String USERS = "(select id from local_run.users)";

    /** A table and which of its rows are ours. */
    private record Table(String name, String ours) {}

    private static final List<Table> TABLES = List.of(
            new Table("public.tenants", "id in " + TENANTS),
            new Table("public.tenant_users", "tenant_id in " + TENANTS + " and user_id in " + USERS),
            new Table("auth.users", "id in " + USERS),
            new Table("public.chat_sessions", "tenant_id in " + TENANTS),
            new Table("public.conversations", "tenant_id in " + TENANTS));

    /** Which tables there are; {@code covered}: rows that policies hide from us belong to a tenant, and those are looked at. */
    private static final String PRESENT = """
            select n.nspname || '.' || c.relname as name,
                row_security_active(c.oid) and exists (
                    select from pg_constraint k join pg_class t on t.oid = k.confrelid
                    where k.conrelid = c.oid and k.contype = 'f' and t.relname = 'tenants') as covered
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'v', 'm', 'f')""";

    private Others() {}

    /** One phrase a table, such as {@code 20 in public.chat_sessions}; empty where everything is ours. */
    static List<String> in(Connection connection) throws SQLException {
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
        var present = present(connection);
        var hasLedger = present.containsKey("local_run.tenants") && present.containsKey("local_run.users");
        var found = new ArrayList<String>();
        for (var table : TABLES) {
            if (!present.containsKey(table.name()) || (hasLedger && present.getOrDefault(table.name(), false))) {
                continue;
            }
            // Without a ledger a table is somebody's even when it is empty; a platform's users come with the platform.
            var emptyIsOurs = hasLedger || table.name().equals("auth.users");
            var rows = count(connection, hasLedger ? "(%s) is not true".formatted(table.ours()) : "true", table.name());
            if (!rows.equals("0") || !emptyIsOurs) {
                found.add(rows + " in " + table.name());
            }
        }
        return found;
    }

    private static Map<String, Boolean> present(Connection connection) throws SQLException {
        var present = new HashMap<String, Boolean>();
        query(connection, PRESENT, row -> present.put(row.getString("name"), row.getBoolean("covered")));
        return present;
    }

    private static String count(Connection connection, String condition, String table) throws SQLException {
        var number = new ArrayList<String>();
        try {
            query(
                    connection,
                    "select count(*) from %s where %s".formatted(table, condition),
                    row -> number.add(row.getString(1)));
            return number.getFirst();
        } catch (SQLException e) {
            if (connection.isValid(5)) {
                return "rows that cannot be counted";
            }
            throw e;
        }
    }

    private static void query(Connection connection, String sql, Reader reader) throws SQLException {
        try (var statement = connection.createStatement()) {
            // Hidden rows are an error and not none; both settings end with the transaction.
            statement.execute("set local row_security = off; set local statement_timeout = '30s'");
            try (var rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        } finally {
            connection.rollback();
        }
    }

    /** Takes a row. */
    private interface Reader {
        void read(ResultSet row) throws SQLException;
    }
}
