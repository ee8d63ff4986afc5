package history.db;

import history.failure.Failure;
import history.failure.Failure.Kind;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What an error of the database means to a request, by SQLSTATE. */
final class SqlFailure {
    /** Raised by {@code history.current_tenant()}; PostgREST, too, reads it as a 403. */
    private static final String NO_TENANT = "PT403";

    /** No such table, column, schema or function; or what a statement for arrays raises where it needs rows. */
    private static final Set<String> NOT_MIGRATED = Set.of("42P01", "42703", "42704", "3F000", "42883", "PT503");

    /** Shut down by an administrator, crashed, starting up, gone while idle. */
    private static final Set<String> SERVER_GONE = Set.of("57P01", "57P02", "57P03", "57P05");

    /** A relation or a function that was there when the call began, and has gone while it waited for a lock. */
    private static final Set<String> EXCHANGED = Set.of("42P01", "42883", "XX000");

    private SqlFailure() {}

    /** Whether the functions may have been exchanged under the call, by expand or a rollback: it has done nothing. */
    static boolean isExchanged(SQLException failure) {
        return EXCHANGED.contains(state(failure));
    }

    static boolean isConnectionLost(SQLException failure) {
        String state = state(failure);
        return (state.startsWith("08") || SERVER_GONE.contains(state))
                && !(failure instanceof SQLTransientConnectionException);
    }

    /** @param statement its name, for the log */
    static RuntimeException translate(SQLException failure, String statement) {
        String state = state(failure);
        if (state.equals(NO_TENANT)) {
            return new Failure(Kind.FORBIDDEN, serverMessage(failure), failure);
        }
        if (NOT_MIGRATED.contains(state)) {
            return new Failure(Kind.NOT_MIGRATED, "SQLSTATE " + state + ": " + serverMessage(failure), failure);
        }
        if (state.startsWith("22")) {
            return new Failure(Kind.INVALID, "A value in the request cannot be stored.", failure);
        }
        // 42501 among them: that the schema may be used is known, so it is a row that a policy refuses.
        boolean bug = state.startsWith("42") || state.startsWith("23") || state.startsWith("P0");
        return bug
                ? new IllegalStateException("SQLSTATE " + state + " in " + statement, failure)
                : new Failure(Kind.DATABASE_AWAY, "the database failed with SQLSTATE " + state, failure);
    }

    private static String state(SQLException failure) {
        return failure.getSQLState() == null ? "" : failure.getSQLState();
    }

    /** The first line without its severity: what the statement or our own function raised. */
    private static String serverMessage(SQLException failure) {
        String first = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return first.replaceFirst("^[A-Z]+: ", "");
    }
}
