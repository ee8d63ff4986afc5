package history.db;

import static history.failure.Failure.Kind.DATABASE_AWAY;
import static history.fixture.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import history.config.Variables;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The extension that keeps the password, played by a server of the test. */
class DatabaseSecretTest {
    private static final String URL = "postgresql://ada@db.example.com/history";

    private final HttpServer extension =
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final List<String> asked = new ArrayList<>();

    DatabaseSecretTest() throws IOException {}

    @AfterEach
    void stop() {
        extension.stop(0);
    }

    private DatabaseConfig config(String url) {
        var environment = Map.of(
                "DATABASE_URL",
                url,
                "DATABASE_SECRET",
                "history/functions",
                "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT",
                Integer.toString(extension.getAddress().getPort()),
                "AWS_SESSION_TOKEN",
                "session");
        return Variables.read(environment, DatabaseConfig::from);
    }

    private void answers(String secret) {
        extension.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("X-Aws-Parameters-Secrets-Token"));
            byte[] body = ("{\"SecretString\":\"" + secret + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        extension.start();
    }

    @Test
    void isReadWhenAConnectionIsMadeAndNotBefore() {
        var config = config(URL);
        assertEquals(List.of(), asked);
        answers("{\\\"username\\\":\\\"bob\\\",\\\"password\\\":\\\"hush\\\"}");
        var login = config.login(Duration.ofSeconds(5));
        assertEquals("bob hush", login.getProperty("user") + " " + login.getProperty("password"));
        assertEquals(List.of("/secretsmanager/get?secretId=history%2Ffunctions session"), asked);
    }

    @Test
    void mayBeThePasswordItself() {
        answers("hush");
        var login = config(URL).login(Duration.ofSeconds(5));
        assertEquals("ada hush", login.getProperty("user") + " " + login.getProperty("password"));
    }

    @Test
    void aPasswordInTheUrlNeedsNone() {
        answers("hush");
        var login = config("postgresql://ada:own@db.example.com/history").login(Duration.ofSeconds(5));
        assertEquals("own", login.getProperty("password"));
        assertEquals(List.of(), asked);
    }

    @Test
    void anExtensionThatDoesNotAnswerIsTheDatabaseBeingAway() {
        var config = config(URL);
        extension.stop(0);
        assertFails(DATABASE_AWAY, () -> config.login(Duration.ofSeconds(5)));
    }
}
