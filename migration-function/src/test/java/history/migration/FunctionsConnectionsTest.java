package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FunctionsConnectionsTest {
    private static final String KEPT = """
            select rolconnlimit || ' ' || coalesce((select setconfig::text from pg_db_role_setting where setrole = r.oid), '')
            from pg_roles r where rolname = 'history_functions'""";

    @Some("V15")
    void areWhatTheVariablesSayAndOtherwiseStay(PostgresVersion version) throws Exception {
        try (var server = PostgresServer.startTemporary(version);
                var database = server.createDatabase()) {
            migrated(database, PostgresServer.SUPERUSER, Map.of());
            assertEquals("-1 {idle_session_timeout=300s}", kept(database));
            migrated(
                    database,
                    PostgresServer.SUPERUSER,
                    Map.of("FUNCTIONS_CONNECTIONS", "80", "FUNCTIONS_IDLE_SECONDS", "60"));
            assertEquals("80 {idle_session_timeout=60s}", kept(database));
            migrated(database, PostgresServer.SUPERUSER, Map.of("FUNCTIONS_CONNECTIONS", " "));
            assertEquals("80 {idle_session_timeout=60s}", kept(database));
            migrated(
                    database,
                    PostgresServer.SUPERUSER,
                    Map.of("FUNCTIONS_CONNECTIONS", "0", "FUNCTIONS_IDLE_SECONDS", "0"));
            assertEquals("-1 {idle_session_timeout=0s}", kept(database));

            assertEquals(
                    List.of("history_functions: may have 9999 connections, of %s that the server has for everybody"
                            .formatted(value(database, "show max_connections"))),
                    migrated(database, PostgresServer.SUPERUSER, Map.of("FUNCTIONS_CONNECTIONS", "9999")));
        }
    }

    /** The role was there, and is somebody else's: it is left, and whoever may is told what to do. */
    @Test
    void areSaidWhereTheRoleIsNotOurs() throws Exception {
        try (var server = PostgresServer.startTemporary(PostgresVersion.V18);
                var database = server.createDatabase()) {
            database.execute("""
                    create role anon; create role authenticated; create role service_role;
                    create role history_functions login noinherit; grant authenticated to history_functions;
                    create role master login; grant anon, authenticated, service_role to master with admin option;
                    grant create on schema public to master""");
            database.grantCreate("master");
            var idle = "history_functions: keeps a connection open for as long as a function is frozen";
            assertEquals(List.of(idle), migrated(database, "master", Map.of()));
            assertEquals(
                    List.of("This role may not alter history_functions.", idle),
                    migrated(database, "master", Map.of("FUNCTIONS_CONNECTIONS", "80")));
            assertEquals("-1 ", kept(database));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "-1", "1.5", "1000000"})
    void areNumbers(String given) {
        for (var name : List.of("FUNCTIONS_CONNECTIONS", "FUNCTIONS_IDLE_SECONDS")) {
            var refused =
                    assertThrows(IllegalArgumentException.class, () -> FunctionsConnections.from(Map.of(name, given)));
            assertEquals(name + " must be a number of at most six digits, 0 for no limit.", refused.getMessage());
        }
    }

    /** What the report names. */
    private static List<String> migrated(PostgresDatabase database, String role, Map<String, String> variables) {
        var environment = new HashMap<>(database.environment(role));
        environment.putAll(variables);
        return OldDatabase.ofTheDatabase(
                        OldDatabase.succeeded(Migration.of(environment).run(Action.MIGRATE)))
                .stream()
                .map(Finding::finding)
                .filter(finding -> finding.contains("history_functions"))
                .toList();
    }

    private static String kept(PostgresDatabase database) throws SQLException {
        return value(database, KEPT);
    }

    private static String value(PostgresDatabase database, String sql) throws SQLException {
        try (var connection = database.connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
