package history.db;

import static history.failure.Failure.Kind.DATABASE_AWAY;
import static history.fixture.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.aws.SecretsManager;
import history.fixture.Configured;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A password that is kept in Secrets Manager, or made of the function's role. */
class DatabaseSecretTest {
    private static final String ARN = SecretsManager.arn("history/functions");
    private static final String URL = "postgresql://ada@db.example.com:6000/history";
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final SecretsManager aws = new SecretsManager();

    DatabaseSecretTest() throws IOException {}

    @AfterEach
    void stop() {
        aws.close();
    }

    private static DatabaseConfig config(Map<String, String> role, String url, String name, String value) {
        var environment = new HashMap<>(role);
        environment.put("DATABASE_URL", url);
        environment.put(name, value);
        return Configured.read(environment, DatabaseConfig::from);
    }

    private DatabaseConfig config(String url) {
        return config(aws.container(), url, "DATABASE_SECRET", ARN);
    }

    private static String said(DatabaseConfig config) {
        var login = config.login(0, LIMIT);
        return login.getProperty("user") + " " + login.getProperty("password");
    }

    @Test
    void isReadWithEachConnectionAndNotBefore() {
        for (var role : List.of(aws.keys(), aws.container())) {
            var config = config(role, URL, "DATABASE_SECRET", ARN);
            int before = aws.reads();
            aws.put(ARN, "{\"username\":\"bob\",\"password\":\"hush\",\"engine\":\"postgres\",\"port\":5432}");
            assertEquals("bob hush", said(config));
            aws.put(ARN, "{\"password\":\"other\"}");
            assertEquals("ada other", said(config));
            assertEquals(2, aws.reads() - before);
        }
    }

    @Test
    void mayBeThePasswordItself() {
        aws.put(ARN, "hush");
        assertEquals("ada hush", said(config(URL)));
    }

    @Test
    void aPasswordInTheUrlNeedsNone() {
        assertEquals("ada own", said(config("postgresql://ada:own@db.example.com/history")));
        assertEquals(0, aws.reads());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"username\":\"ada\"}", "{\"password\":null}"})
    void anObjectWithoutPasswordIsTheDatabaseBeingAway(String secret) {
        aws.put(ARN, secret);
        assertFails(DATABASE_AWAY, () -> config(URL).login(0, LIMIT));
    }

    @Test
    void oneThatCannotBeReadSaysWhy() {
        var config = config(URL);
        var message = assertThrows(history.failure.Failure.class, () -> config.login(0, LIMIT))
                .message();
        assertEquals(
                "the password for db.example.com:6000 could not be read: Secrets Manager answered 400"
                        + " ResourceNotFoundException Secrets Manager can't find it.",
                message);
        aws.close();
        assertFails(DATABASE_AWAY, () -> config.login(0, LIMIT));
    }

    @Test
    void aFunctionWithoutARoleDoesNotStart() {
        for (var name : new String[] {"DATABASE_SECRET", "DATABASE_AUTH"}) {
            var value = name.equals("DATABASE_AUTH") ? "iam" : ARN;
            var message = assertThrows(IllegalArgumentException.class, () -> config(Map.of(), URL, name, value))
                    .getMessage();
            assertTrue(String.valueOf(message).startsWith(name), message);
        }
        for (var name : new String[] {"AWS_REGION", "AWS_ENDPOINT_URL_SECRETS_MANAGER"}) {
            var role = new HashMap<>(aws.keys());
            role.put(name, "no where");
            var message = assertThrows(
                            IllegalArgumentException.class, () -> config(role, URL, "DATABASE_SECRET", "a-name"))
                    .getMessage();
            assertTrue(String.valueOf(message).startsWith(name), message);
        }
        var wrong = assertThrows(
                IllegalArgumentException.class, () -> config(aws.keys(), URL, "DATABASE_AUTH", "password"));
        assertEquals("DATABASE_AUTH must be iam, or unset for a password", wrong.getMessage());
    }

    /** As botocore's generate_db_auth_token makes it. */
    @Test
    void aTokenOfTheRoleIsThePasswordForAQuarterOfAnHour() throws Exception {
        var token =
                config(aws.keys(), URL, "DATABASE_AUTH", "iam").login(0, LIMIT).getProperty("password");
        assertTrue(token.startsWith("db.example.com:6000/?"), token);
        assertTrue(config(aws.keys(), "postgresql://ada@[::1]/history", "DATABASE_AUTH", "iam")
                .login(0, LIMIT)
                .getProperty("password", "")
                .startsWith("[::1]:5432/?"));
        var query = token.substring(token.indexOf('?') + 1);
        assertTrue(query.contains("Action=connect") && query.contains("DBUser=ada"), query);
        assertTrue(query.contains("X-Amz-Expires=900") && query.contains("X-Amz-Security-Token=session"), query);
        assertEquals(
                SecretsManager.signatures("rds-db").presigned("db.example.com:6000", query),
                query.replaceFirst(".*X-Amz-Signature=", ""));
    }
}
