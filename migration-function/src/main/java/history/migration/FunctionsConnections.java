package history.migration;

import java.sql.SQLException;
import java.util.Map;

/**
 * How many connections the functions' role may have on the server, from {@code FUNCTIONS_CONNECTIONS}, and after how many seconds the
 * server ends one that is idle, from {@code FUNCTIONS_IDLE_SECONDS}; 0 is no limit, empty leaves it as it is.
 */
record FunctionsConnections(String most, String idleSeconds) {
    static FunctionsConnections from(Map<String, String> environment) {
        return new FunctionsConnections(
                number(environment, "FUNCTIONS_CONNECTIONS"), number(environment, "FUNCTIONS_IDLE_SECONDS"));
    }

    private static String number(Map<String, String> environment, String name) {
        var value = environment.getOrDefault(name, "").strip();
        if (!value.matches("\\d{0,6}")) {
            throw new IllegalArgumentException(name + " must be a number of at most six digits, 0 for no limit.");
        }
        return value;
    }

    void set(Run run) throws SQLException {
        if (!most.isEmpty()) {
            alter(run, "connection limit " + (most.matches("0+") ? "-1" : most));
        }
        if (!idleSeconds.isEmpty()) {
            alter(run, "set idle_session_timeout = '" + idleSeconds + "s'");
        }
    }

    private static void alter(Run run, String what) throws SQLException {
        var statement = "alter role history_functions " + what;
        try {
            run.session().execute(statement);
        } catch (SQLException e) {
            if (!"42501".equals(e.getSQLState()) && !"42704".equals(e.getSQLState())) {
                throw e;
            }
            run.journal().note("This role may not alter history_functions.", "As an administrator: " + statement + ";");
        }
    }
}
