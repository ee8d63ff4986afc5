package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PasswordUtil;

final class FunctionsPasswordTest {
    private static final String ASKS_FOR_PASSWORDS = """
            do $$ begin
                execute format(
                    'copy (values (''host all history_functions 127.0.0.1/32 scram-sha-256''), (''host all all 127.0.0.1/32 trust'')) to %L',
                    current_setting('hba_file'));
            end $$;
            select pg_reload_conf();
            """;

    /** The salt and the password of RFC 7677, section 3. */
    @Test
    void isWhatTheStandardSays() {
        var salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");

        assertEquals(
                "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
                        + ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
                PasswordUtil.encodeScramSha256("pencil".toCharArray(), 4096, salt));
    }

    @Test
    void hasAnotherSaltEachTime() throws Stop {
        var password = FunctionsPassword.from(Map.of("FUNCTIONS_PASSWORD", "pencil"));
        assertNotEquals(password.verifier(), password.verifier());
    }

    /** A server that got the password itself would keep it as the MD5 that it is told to make. */
    @EnumSource
    @ParameterizedTest
    void letsThePasswordLogInThatTheServerNeverGot(PostgresVersion version) throws Exception {
        try (var server = PostgresServer.startTemporary(version);
                var database = server.createDatabase()) {
            database.execute("alter database %s set password_encryption = 'md5'".formatted(database.name()));
            var environment = new HashMap<>(database.environment(PostgresServer.SUPERUSER));
            environment.put("FUNCTIONS_PASSWORD", "correct-horse/1");
            Migration.of(environment).run(Action.PREPARE);
            database.execute(ASKS_FOR_PASSWORDS);

            login(database, "correct-horse/1");
            assertThrows(SQLException.class, () -> login(database, "correct-horse/2"));
            assertTrue(kept(database).startsWith("SCRAM-SHA-256$4096:"), kept(database));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pass word", "pässword", "line\nbreak"})
    void refusesWhatClientsEncodeDifferently(String password) {
        assertThrows(
                IllegalArgumentException.class, () -> FunctionsPassword.from(Map.of("FUNCTIONS_PASSWORD", password)));
    }

    private static void login(PostgresDatabase database, String password) throws SQLException {
        DriverManager.getConnection(
                        "jdbc:" + database.url("history_functions").replaceFirst("history_functions@", ""),
                        "history_functions",
                        password)
                .close();
    }

    private static String kept(PostgresDatabase database) throws SQLException {
        try (var connection = database.connect(PostgresServer.SUPERUSER)) {
            return OldDatabase.query(
                            connection, "select rolpassword from pg_authid where rolname = 'history_functions'")
                    .getFirst();
        }
    }
}
