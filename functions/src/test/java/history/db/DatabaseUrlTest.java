package history.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Configured;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
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
        return Configured.read(Map.of("DATABASE_URL", url), DatabaseConfig::from)
                .login(0, Duration.ofSeconds(1));
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
        assertTrue(message.startsWith("DATABASE_URL has sslmode=" + mode + ", which must be one of"), message);
    }

    @Test
    void checksCertificatesByThoseOfTheRuntimeWhenNoOthersAreNamed() {
        var login = login(REMOTE + "?sslmode=verify-full");
        assertEquals("org.postgresql.ssl.DefaultJavaSSLFactory", login.getProperty("sslfactory"));
        var message = refused(REMOTE + "?sslmode=verify-full&sslrootcert=/no/such.pem");
        assertTrue(message.contains("sslrootcert=/no/such.pem"), message);
        var own = login(
                REMOTE + "?sslmode=verify-full&sslrootcert=src/shared/resources/history/access/roots/supabase.pem");
        assertEquals(null, own.getProperty("sslfactory"));
    }

    @ParameterizedTest
    @CsvSource({
        "chat.abc123.eu-central-1.rds.amazonaws.com:5432, Amazon RDS eu-central-1 Root CA",
        "chat.cluster-ro-abc123.us-east-1.rds.amazonaws.com, Amazon RDS us-east-1 Root CA",
        "db.abcdefgh.supabase.co, Supabase Root 2021 CA",
        "aws-0-eu-central-1.pooler.supabase.com:6543, Supabase Root 2021 CA"
    })
    void knowsTheRootsOfTheIssuerByTheHost(String host, String issuer) throws Exception {
        var login = login("postgresql://ada:secret@" + host + "/history");
        assertEquals("verify-full", login.getProperty("sslmode"));
        try (var roots = Files.newInputStream(Path.of(login.getProperty("sslrootcert")))) {
            for (var root : CertificateFactory.getInstance("X.509").generateCertificates(roots)) {
                assertTrue(root.toString().contains(issuer), issuer);
                root.verify(root.getPublicKey());
                ((X509Certificate) root).checkValidity(Date.from(Instant.parse("2031-01-01T00:00:00Z")));
            }
        }
        assertEquals(
                "require",
                login("postgresql://ada:secret@" + host + "/history?sslmode=require")
                        .getProperty("sslmode"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "history.proxy-abc123.eu-central-1.rds.amazonaws.com",
                "chat.abc123.xx-nowhere-1.rds.amazonaws.com",
                "eu-central-1.rds.amazonaws.com.example.com",
                "ep-cool-name.eu-central-1.aws.neon.tech"
            })
    void trustsWhatTheRuntimeTrustsElsewhere(String host) {
        assertEquals("require", login("postgresql://ada:secret@" + host + "/h").getProperty("sslmode"));
        assertEquals(
                "org.postgresql.ssl.DefaultJavaSSLFactory",
                login("postgresql://ada:secret@" + host + "/h?sslmode=verify-full")
                        .getProperty("sslfactory"));
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
        assertTrue(message.startsWith("DATABASE_URL has parameters that are not allowed: "), message);
        assertTrue(!message.contains("secret"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "h:abc/d | must be",
                "h:99999/d | must be",
                "h:0/d | must be",
                "h:/d | must be",
                ":5432/d | must be",
                "h,,i/d | must be",
                "h/d/e | must be",
                "h/d#e | must be",
                "h/d?connect_timeout=abc | has connectTimeout=abc",
                "h/d?connect_timeout=-1 | has connectTimeout=-1",
                "h/d?connectTimeout=99999999 | has connectTimeout=99999999",
                "h/d?tcpKeepAlive=perhaps | has tcpKeepAlive=perhaps",
                "h/d?targetServerType=foo | has targetServerType=foo",
                "h/d?channel_binding=maybe | has channelBinding=maybe",
                "h/d?sslNegotiation=never | has sslNegotiation=never",
                "h/d?user=bob | gives user twice",
                "h/d?password=other | gives password twice",
                "h/d?sslmode=require&sslmode=disable | gives sslmode twice",
                "h/d?application_name=a&ApplicationName=b | gives ApplicationName twice",
                "h/d?sslrootcert=pom.xml | has sslrootcert=pom.xml",
                "h/d?sslrootcert=/dev/null | has sslrootcert=/dev/null",
                "h/d?sslrootcert=src | has sslrootcert=src",
                "h/d?sslrootcert= | has sslrootcert=",
                "h/d?sslrootcert=%00 | has sslrootcert=",
                "h/d?sslcert=/nope | has sslcert=/nope",
                "h/d?sslkey=/nope | has sslkey=/nope"
            })
    void whatTheDriverWouldStumbleOverLaterStopsTheStart(String address, String what) {
        var message = refused("postgresql://ada:secret@" + address);
        assertTrue(message.startsWith("DATABASE_URL " + what), message);
        assertTrue(!message.contains("secret") && !message.contains("other"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":secret@"})
    void aUserIsNamed(String credentials) {
        var message = refused("postgresql://" + credentials + "db.example.com/history");
        assertTrue(message.startsWith("DATABASE_URL must name a user"), message);
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
