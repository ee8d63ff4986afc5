package history.isolation;

import history.postgres.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * Tries a probe as a persona, and says in a word what came of it; before the next one it is taken back.
 *
 * <p>It works within the transaction of its connection, which may have changed the database before.
 */
final class Prober implements AutoCloseable {
    static final String LOGIN_ROLE = "isolation_authenticator";

    private static final Map<String, String> REFUSALS = Map.of(
            "42501", "no",
            "23503", "fk",
            "23505", "dup",
            "23502", "null",
            "23514", "fixed",
            "22023", "limit",
            "22P02", "json",
            "PT403", "403",
            "0A000", "never");

    private static final String DIGESTS =
            "select isolation.digest(:{Ada}, :{Ada's}), isolation.digest(:{Bob}, :{Bob's})";

    private record Digests(String adas, String bobs) {}

    private final Connection connection;
    private final Digests before;

    private Prober(Connection connection) throws SQLException {
        this.connection = connection;
        try (var statement = connection.createStatement()) {
            before = digests(statement);
            statement.execute("set local statement_timeout = '20s'; savepoint untouched");
        }
    }

    /** Over a login of its own, as PostgREST has it. */
    static Prober login(PostgresDatabase database) throws SQLException {
        var connection = database.connect(LOGIN_ROLE);
        connection.setAutoCommit(false);
        return new Prober(connection);
    }

    /** In the transaction of a superuser who has changed something and becomes that login for the rest of it. */
    static Prober within(Connection superuser) throws SQLException {
        try (var statement = superuser.createStatement()) {
            statement.execute("set local session authorization " + LOGIN_ROLE);
        }
        return new Prober(superuser);
    }

    /** The word for the table; with an exclamation mark when a row changed that is not this persona's. */
    String outcome(Persona persona, Probe probe) throws SQLException {
        try (var statement = connection.createStatement()) {
            var outcome = run(statement, Rows.named(probe.sql(), persona.self), persona);
            if (isTold(statement) && !persona.mayReachBobs()) {
                return "LEAK";
            }
            return writes(probe) && trespasses(statement, persona) ? outcome + "!" : outcome;
        } catch (SQLException refused) {
            return REFUSALS.getOrDefault(refused.getSQLState(), String.valueOf(refused.getSQLState()));
        }
    }

    /** Whatever is no plain query of a table; a function may write. */
    private static boolean writes(Probe probe) {
        return !probe.sql().startsWith("select id") && !probe.sql().startsWith("select element");
    }

    /** Whether a condition of the caller's own has been shown what is Bob's, and has passed it on. */
    private static boolean isTold(Statement statement) throws SQLException {
        for (var told = statement.getWarnings(); told != null; told = told.getNextWarning()) {
            if (String.valueOf(told.getMessage()).contains(Rows.BOBS_WORDS)) {
                return true;
            }
        }
        return false;
    }

    /** All in one round trip, which begins with taking back what the last probe did: there are thousands. */
    private static String run(Statement statement, String sql, Persona persona) throws SQLException {
        statement.execute("rollback to savepoint untouched;" + persona.settings() + sql);
        statement.getMoreResults();
        if (!statement.getMoreResults()) {
            return statement.getUpdateCount() == 0 && !sql.startsWith("truncate") ? "-" : "done";
        }
        try (var rows = statement.getResultSet()) {
            var outcome = "-";
            while (rows.next()) {
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    var value = String.valueOf(rows.getString(column));
                    if (value.contains(Rows.BOBS_WORDS) && !persona.mayReachBobs()) {
                        return "LEAK";
                    }
                    outcome = outcome.equals("-") && !value.isEmpty() && !value.equals("null")
                            ? word(sql, value)
                            : outcome;
                }
            }
            return outcome;
        }
    }

    private static String word(String sql, String value) {
        if (sql.contains("history.") && sql.startsWith("select r.*")) {
            return Rows.known(value);
        }
        return sql.startsWith("select") ? "seen" : "done";
    }

    private boolean trespasses(Statement statement, Persona persona) throws SQLException {
        var now = digests(statement);
        return (!persona.mayReachBobs() && !now.bobs().equals(before.bobs()))
                || (!persona.mayChangeAdas() && !now.adas().equals(before.adas()));
    }

    private static Digests digests(Statement statement) throws SQLException {
        try (var rows = statement.executeQuery(Rows.named(DIGESTS, Rows.DAN))) {
            rows.next();
            return new Digests(String.valueOf(rows.getString(1)), String.valueOf(rows.getString(2)));
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
