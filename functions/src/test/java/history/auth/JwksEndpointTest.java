package history.auth;

import static history.failure.Failure.Kind.KEYS_AWAY;
import static history.fixture.Failures.assertFails;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import history.fixture.Configured;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An issuer whose answers are slow, broken or hostile: there are no keys then, which is not the token's fault. */
@Timeout(30)
class JwksEndpointTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LITTLE_PATIENCE = Duration.ofMillis(300);

    private final Tokens tokens = Tokens.es256();
    private final JwksServer issuer = new JwksServer(tokens.jwks());
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void stop() {
        end.countDown();
        issuer.close();
    }

    private static void assertNotAsked(Throwable failure) {
        var message = String.valueOf(failure.getMessage());
        assertTrue(message.matches("the issuer could not be asked: [\\w.]+"), message);
    }

    private Throwable failure(Duration timeout) {
        var keys = new PublishedKeys(new PublishedKeys.Endpoint(issuer.url(), timeout), InstantSource.system());
        var authenticator = new Authenticator(
                Configured.read(tokens.environment(), AuthConfig::from),
                KeySet.EMPTY,
                Optional.of(keys),
                InstantSource.system());
        var header = tokens.user(UUID.randomUUID()).bearer();
        var unavailable = assertFails(KEYS_AWAY, () -> authenticator.authenticate(header));
        return Objects.requireNonNull(unavailable.getCause());
    }

    private void answers(HttpHandler answer) {
        issuer.answer(answer);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 301, 304, 400, 404, 429, 500, 503})
    void takesKeysFromAnswer200Only(int status) {
        answers(exchange -> JwksServer.send(exchange, status, status == 204 || status == 304 ? "" : tokens.jwks()));
        assertEquals(
                "the issuer answered with status " + status, failure(PATIENCE).getMessage());
    }

    @Test
    void followsNoRedirect() {
        try (var elsewhere = new JwksServer(tokens.jwks())) {
            answers(exchange -> {
                exchange.getResponseHeaders().set("location", elsewhere.url().toString());
                JwksServer.send(exchange, 302, "");
            });
            assertEquals(
                    "the issuer answered with status 302", failure(PATIENCE).getMessage());
            assertEquals(0, elsewhere.requests());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "<html>", "{", "{}", "[]", "{\"keys\":1}", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"RSA\"}]}"
            })
    void takesNoKeysFromAnAnswerThatHasNone(String body) {
        issuer.publish(body);
        failure(PATIENCE);
    }

    @Test
    void readsNoMoreThanAQuarterOfAMegabyte() {
        var padding = " ".repeat(PublishedKeys.Endpoint.MAX_BYTES);
        issuer.publish(tokens.jwks() + padding);
        assertNotAsked(failure(PATIENCE));
    }

    @Test
    void readsNoAnswerWithoutEnd() {
        answers(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            var rubbish = " ".repeat(64 * 1024).getBytes(UTF_8);
            while (end.getCount() > 0) {
                exchange.getResponseBody().write(rubbish);
            }
        });
        assertNotAsked(failure(PATIENCE));
    }

    @Test
    void waitsNoLongerThanItsTimeoutForTheFirstByte() {
        answers(exchange -> awaitEnd());
        assertEquals(
                "the issuer did not answer within PT0.3S",
                failure(LITTLE_PATIENCE).getMessage());
    }

    @Test
    void waitsNoLongerThanItsTimeoutForTheLastByte() {
        answers(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            awaitEnd();
        });
        assertEquals(
                "the issuer did not answer within PT0.3S",
                failure(LITTLE_PATIENCE).getMessage());
    }

    @Test
    void survivesAnIssuerThatHangsUp() {
        answers(HttpExchange::close);
        assertNotAsked(failure(PATIENCE));
    }

    @Test
    void survivesAnIssuerThatIsNotThere() {
        issuer.close();
        assertNotAsked(failure(PATIENCE));
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        var before = clientThreads();
        assertFalse(new PublishedKeys.Endpoint(issuer.url(), PATIENCE).fetch().isEmpty());
        var after = clientThreads();
        after.removeAll(before);
        for (var thread : after) {
            thread.join(10_000);
            assertFalse(thread.isAlive(), thread.getName());
        }
    }

    private static Set<Thread> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("HttpClient-"))
                .collect(Collectors.toSet());
    }

    private void awaitEnd() throws IOException {
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
