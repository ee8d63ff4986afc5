package history.db;

import history.failure.Failure;
import history.failure.Failure.Kind;
import java.sql.SQLException;
import java.util.Set;

/** What an error of the database means to a request, by SQLSTATE. */
final class SqlFailure {
    /** Raised by our functions: the caller acts in no tenant, or in one that takes no changes; PostgREST, too, reads it as a 403. */
    private static final String FORBIDDEN = "PT403";

    /** No such table, column, schema or function; or what a statement for arrays raises where it needs rows. */
    private static final Set<String> NOT_MIGRATED = Set.of("42P01", "42703", "42704", "3F000", "42883", "PT503");

    /** Shut down by an administrator, crashed, starting up, gone while idle. */
    private static final Set<String> SERVER_GONE = Set.of("57P01", "57P02", "57P03", "57P05");

    /** Ended or sent back before it was done: the server says that the transaction is none. After a failover a standby refuses. */
    private static final Set<String> NOTHING_DONE = Set.of("57P01", "57P05", "25006", "40001", "40P01");

    /** A relation or a function that was there when the call began, and has gone while it waited for a lock. */
    private static final Set<String> EXCHANGED = Set.of("42P01", "42883", "XX000");

    /** Raised by the limits of our functions and triggers, whose words are for the caller: a value, and what has grown too large. */
    private static final Set<String> LIMIT = Set.of("22023", "54000");

    /** Logins, too many rollbacks, resources, locks, an operator's intervention, the system below. */
    private static final Set<String> OUTAGES = Set.of("08", "28", "3D", "40", "53", "55", "57", "58");

    private SqlFailure() {}

    /** Whether the functions may have been exchanged under the call, by expand or a rollback: it has done nothing. */
    static boolean isExchanged(SQLException failure) {
        return EXCHANGED.contains(state(failure));
    }

    static boolean isConnectionLost(SQLException failure) {
        String state = state(failure);
        return state.startsWith("08") || SERVER_GONE.contains(state);
    }

    /** Whether it is certain that the statement has changed nothing, so that another connection may be asked. */
    static boolean hasDoneNothing(SQLException failure) {
        return NOTHING_DONE.contains(state(failure));
    }

    /**
     * @param statement its name, for the log
     * @param readOnly whether nothing of the request was to be stored, so that no value of it can be at fault
     */
    static RuntimeException translate(SQLException failure, String statement, boolean readOnly) {
        String state = state(failure);
        String family = state.substring(0, Math.min(2, state.length()));
        if (state.equals(FORBIDDEN)) {
            return new Failure(Kind.FORBIDDEN, serverMessage(failure), failure);
        }
        if (NOT_MIGRATED.contains(state)) {
            return new Failure(Kind.NOT_MIGRATED, "SQLSTATE " + state + ": " + serverMessage(failure), failure);
        }
        if (!readOnly && (family.equals("22") || family.equals("54"))) {
            String words = LIMIT.contains(state) ? serverMessage(failure) : "A value in the request cannot be stored.";
            return new Failure(Kind.INVALID, words, failure);
        }
        if (OUTAGES.contains(family) || (!readOnly && state.equals("25006"))) {
            return new Failure(Kind.DATABASE_AWAY, said(failure, statement), failure);
        }
        String hint = state.equals("42501")
                ? "; a policy or a missing grant refuses it: the migration's action status names what differs"
                : "";
        return new IllegalStateException(said(failure, statement) + hint, failure);
    }

    /** Never the server's message, which may quote what is stored. */
    private static String said(SQLException failure, String statement) {
        return "SQLSTATE " + state(failure) + " in " + statement;
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
