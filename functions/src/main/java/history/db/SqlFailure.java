package history.db;

import history.failure.Failure;
import history.failure.Failure.Kind;
import history.log.RequestLog;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;

/** What an error of the database means for a request, by SQLSTATE. */
final class SqlFailure {
    /** Raised by our functions: the caller is in no tenant, or in one that is not active. PostgREST also makes a 403 of it. */
    private static final String FORBIDDEN = "PT403";

    /** Raised where a conversation is stored that erase or prune has deleted. PostgREST also makes a 410 of it. */
    private static final String ERASED = "PT410";

    /** Raised by {@code grant_turn}. PostgREST also makes a 429 of it. */
    private static final String LIMITED = "PT429";

    /** No such table, column, schema or function; or what the {@code arrays} edition raises when it would need rows. */
    private static final Set<String> NOT_MIGRATED = Set.of("42P01", "42703", "42704", "3F000", "42883", "PT503");

    /** Shut down by an administrator, crashed, starting up, gone while idle. */
    private static final Set<String> SERVER_GONE = Set.of("57P01", "57P02", "57P03", "57P05");

    /** The server says that it has ended the connection; or, after a failover, that it is a standby and refuses. */
    private static final Set<String> NOTHING_DONE = Set.of("57P01", "57P05", "25006");

    /** The server has rolled the transaction back for the sake of another one: a deadlock, a conflict. */
    private static final Set<String> LOST_RACES = Set.of("40001", "40P01");

    /** A table or a function that existed when the call began, and was gone when it got its lock. */
    private static final Set<String> EXCHANGED = Set.of("42P01", "42883", "XX000");

    /** Raised by the limits of our functions and triggers, with a message for the caller; and by the server itself, with one that is not. */
    private static final Set<String> LIMIT = Set.of("22023", "54000");

    /** The innermost line of the context, in whatever language of the server: {@code PL/pgSQL function history.f(uuid) line 7 at RAISE}. */
    private static final Pattern RAISED = Pattern.compile(".*\\bRAISE\\b");

    private static final Pattern RAISED_BY_US = Pattern.compile(".*\\bhistory\\.\\w+\\(.*\\).*\\bRAISE\\b");

    private static final String NAME = "(?:\"[^\"]*\"|[\\w$])+";

    /** The line of a function in the context: {@code PL/pgSQL function history.f(uuid) line 7 at PERFORM}; those of SQL have no schema. */
    private static final Pattern FUNCTION =
            Pattern.compile("(?:\\p{L}+ )?PL/(?:pgSQL\\W?\\p{L}* ?" + NAME + "(?:\\." + NAME + ")?\\(|(?!pgSQL)\\w+ )");

    private static final Pattern OURS = Pattern.compile("\\bhistory\\.\\w+\\(");

    /** Values, constraints and limits, of which the messages have values. */
    private static final Set<String> OF_VALUES = Set.of("22", "23", "54");

    /** Raised by {@code refuse_loss}, where a row was not stored or not deleted. */
    private static final String SWALLOWED = "09000";

    /** A missing right, or a policy. */
    private static final String NO_RIGHT = "42501";

    /** Logins, too many rollbacks, resources, locks, an operator's intervention, the system below. */
    private static final Set<String> OUTAGES = Set.of("08", "28", "3D", "40", "53", "55", "57", "58");

    private SqlFailure() {}

    /** Whether expand or a rollback may have exchanged the functions during the call, which then has done nothing. */
    static boolean isExchanged(SQLException failure) {
        return EXCHANGED.contains(state(failure));
    }

    static boolean isConnectionLost(SQLException failure) {
        String state = state(failure);
        return state.startsWith("08") || SERVER_GONE.contains(state);
    }

    /** Whether the statement has changed nothing because of what others did, so that it may be sent again, on the same connection too. */
    static boolean hasLostARace(SQLException failure) {
        return LOST_RACES.contains(state(failure));
    }

    /** Whether it is certain that the statement has changed nothing, so that it may be sent again on another connection. */
    static boolean hasDoneNothing(SQLException failure) {
        return NOTHING_DONE.contains(state(failure));
    }

    /**
     * Whether the connection may keep the cause when it is mended: a plan in which a rule does nothing instead, or the default of
     * {@code row_security} with which it began.
     */
    static boolean staysWithConnection(SQLException failure) {
        return Set.of(SWALLOWED, NO_RIGHT).contains(state(failure));
    }

    /** A connection that was not made, for whatever reason: nothing was asked yet that could be a bug or anything of the caller's. */
    static Failure notConnected(SQLException failure, String statement, String hosts) {
        RequestLog.current().put("sqlstate", failure.getSQLState());
        String hint = state(failure).equals(NO_RIGHT)
                ? "; the migration's action migrate does, or status names, what is missing: grant connect on database"
                : "";
        return away(failure, statement + ", connecting to " + hosts, hint);
    }

    private static Failure away(SQLException failure, String statement, String hint) {
        RequestLog.current().put("database_unavailable", 1);
        return new Failure(Kind.DATABASE_AWAY, said(failure, statement) + reason(failure) + hint, failure);
    }

    /**
     * @param statement its name, for the log
     * @param readOnly whether the request was not to store anything, so that none of its values can be the cause
     */
    static RuntimeException translate(SQLException failed, String statement, boolean readOnly) {
        boolean isOurs = RAISED_BY_US.matcher(context(failed)).lookingAt();
        String state = state(failed);
        String family = state.substring(0, Math.min(2, state.length()));
        boolean isOthers = OF_VALUES.contains(family) && isOthers(function(failed));
        boolean isRaised = !isOurs && RAISED.matcher(context(failed)).lookingAt();
        SQLException failure = isOthers || isRaised ? unquoted(failed, statement) : failed;
        RequestLog.current().put("sqlstate", state.isEmpty() ? null : state);
        if (isOurs && state.equals(FORBIDDEN)) {
            return new Failure(Kind.FORBIDDEN, serverMessage(failure), failure);
        }
        if (!isOthers
                && state.equals("23505")
                && serverMessage(failure).matches(".*(conversations|chat_sessions)_pkey.*")) {
            String words =
                    "The conversation that this chat id or key stood for is somebody else's now; use another one.";
            return new Failure(Kind.GONE, words, failure);
        }
        if (isOurs && state.equals(ERASED)) {
            return new Failure(Kind.GONE, serverMessage(failure), failure);
        }
        if (isOurs && state.equals(LIMITED)) {
            return new Failure(Kind.LIMITED, withoutSeverity(failure), failure);
        }
        if (NOT_MIGRATED.contains(state)) {
            return new Failure(Kind.NOT_MIGRATED, "SQLSTATE " + state + ": " + serverMessage(failure), failure);
        }
        if (!readOnly && !isOthers && (family.equals("22") || family.equals("54"))) {
            if (isOurs && LIMIT.contains(state)) {
                return new Failure(Kind.INVALID, serverMessage(failure), failure);
            }
            return family.equals("22")
                    ? new Failure(
                            Kind.INVALID, "A value in the request cannot be stored.", unquoted(failure, statement))
                    : new Failure(
                            Kind.INVALID,
                            "A value in the request exceeds a limit of the database, such as that of an index.",
                            failure);
        }
        if (OUTAGES.contains(family) || (!readOnly && state.equals("25006"))) {
            return away(failure, statement, "");
        }
        String hint = state.equals(NO_RIGHT)
                ? "; a policy or a missing grant refuses it: the migration's action status names what differs"
                : "";
        return new IllegalStateException(said(failure, statement) + hint, failure);
    }

    /** The message and the root cause, such as a certificate that is not trusted; of an outage it quotes no data. */
    private static String reason(Throwable failure) {
        String root = failure.getCause() == null ? "" : " (" + Failure.root(failure) + ")";
        return (": " + failure.getMessage() + root).replaceAll("\\s+", " ");
    }

    /** Without the server's message, which may quote stored data. */
    private static String said(SQLException failure, String statement) {
        return "SQLSTATE " + state(failure) + " in " + statement;
    }

    /** Without the server's message, which quotes a value, or has the words of somebody else's trigger. */
    private static SQLException unquoted(SQLException failure, String statement) {
        String function = function(failure);
        var unquoted = new SQLException(
                said(failure, statement) + (function.isEmpty() ? "" : "; " + function), state(failure));
        unquoted.setStackTrace(failure.getStackTrace());
        return unquoted;
    }

    /** Where it was raised, innermost first; which the server's own errors and other triggers cannot make look like ours. */
    private static String context(SQLException failure) {
        try {
            var error = failure.getClass().getMethod("getServerErrorMessage").invoke(failure);
            var where = error == null
                    ? null
                    : error.getClass().getMethod("getWhere").invoke(error);
            return where == null ? "" : where.toString();
        } catch (ReflectiveOperationException otherDriver) {
            return "";
        }
    }

    /** The innermost function where it was raised; empty if it was in the statement itself. */
    private static String function(SQLException failure) {
        return context(failure)
                .lines()
                .filter(line -> FUNCTION.matcher(line).lookingAt())
                .findFirst()
                .orElse("");
    }

    /** Whether a function of the team's, such as a trigger's, made an error of its own: no value of the request is to blame. */
    private static boolean isOthers(String function) {
        return !function.isEmpty() && !OURS.matcher(function).find();
    }

    private static String state(SQLException failure) {
        return failure.getSQLState() == null ? "" : failure.getSQLState();
    }

    /** The first line of the server's message: what our own function raised. */
    private static String serverMessage(SQLException failure) {
        return withoutSeverity(failure).lines().findFirst().orElse("");
    }

    private static String withoutSeverity(SQLException failure) {
        return String.valueOf(failure.getMessage()).replaceFirst("^[A-Z]+: ", "");
    }
}
