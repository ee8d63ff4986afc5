package history.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.config.Variables;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses a function starts with. */
final class DatabaseUrlTest {
    private static final String REMOTE = "postgresql://ada:secret@db.example.com:5432/history";

    private static Properties login(String url) {
        return Variables.read(Map.of("DATABASE_URL", url), DatabaseConfig::from).login(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({
        "db.example.com, require",
        "db.example.com:6543, require",
        "10.0.0.1, require",
        "localhost.example.com, require",
        "'localhost,db.example.com', require",
        "[2001:db8::1]:5432, require",
        "localhost, prefer",
        "127.0.0.1:5432, prefer",
        "127.1.2.3, prefer",
        "[::1]:5432, prefer",
        "'localhost:1,127.0.0.1:2', prefer"
    })
    void encryptsUnlessItStaysOnThisMachine(String hosts, String mode) {
        assertEquals(
                mode, login("postgresql://ada:secret@" + hosts + "/history").getProperty("sslmode"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-verify", "", "Require", "true", "verify_full"})
    void aModeThatIsNoneStopsTheStart(String mode) {
        var message = refused(REMOTE + "?sslmode=" + mode);
        assertTrue(message.startsWith("DATABASE_URL has sslmode=" + mode + "; it must be one of"), message);
    }

    @Test
    void checksCertificatesByThoseOfTheRuntimeWhenNoOthersAreNamed() {
        var login = login(REMOTE + "?sslmode=verify-full");
        assertEquals("org.postgresql.ssl.DefaultJavaSSLFactory", login.getProperty("sslfactory"));
        var message = refused(REMOTE + "?sslmode=verify-full&sslrootcert=/no/such.pem");
        assertTrue(message.contains("sslrootcert=/no/such.pem"), message);
        var own = login(REMOTE + "?sslmode=verify-full&sslrootcert=pom.xml");
        assertEquals(null, own.getProperty("sslfactory"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prepareThreshold=1",
                "options=-c%20role%3Dpostgres",
                "preferQueryMode=simple",
                "currentSchema=evil",
                "socketTimeout=0",
                "loginTimeout=0",
                "sslfactory=org.postgresql.ssl.NonValidatingFactory",
                "autosave=always",
                "stringtype=varchar",
                "readOnly=true",
                "socketFactory=evil.Factory",
                "SSLMODE=disable",
                "logServerErrorDetail=true",
                "%73ocketFactory=evil.Factory",
                "=x",
                "sslmode",
                "unheard=of"
            })
    void anyOtherParameterIsRefusedByItsName(String parameter) {
        var message = refused(REMOTE + "?application_name=x&" + parameter);
        assertTrue(message.startsWith("DATABASE_URL has the parameter "), message);
        assertTrue(!message.contains("secret"), message);
    }

    @Test
    void takesTheWordsOfLibpq() {
        var login = login(
                "jdbc:postgresql://db.example.com/history?user=ada&password=p%2Bq&application_name=x&channel_binding=require&connect_timeout=3");
        assertEquals(
                "ada p+q x require 3 0",
                String.join(
                        " ",
                        login.getProperty("user"),
                        login.getProperty("password"),
                        login.getProperty("ApplicationName"),
                        login.getProperty("channelBinding"),
                        login.getProperty("connectTimeout"),
                        login.getProperty("prepareThreshold")));
    }

    private static String refused(String url) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> login(url)).getMessage());
    }
}
