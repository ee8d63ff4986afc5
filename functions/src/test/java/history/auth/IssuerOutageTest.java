package history.auth;

import static history.failure.Failure.Kind.KEYS_AWAY;
import static history.failure.Failure.Kind.UNAUTHORIZED;
import static history.fixture.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import history.fixture.Configured;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An issuer that is down for a while: older keys serve, but not for ever. */
@Timeout(30)
class IssuerOutageTest {

    private static final UUID ADA = UUID.fromString("0a0a0a0a-0000-4000-8000-0000000000ad");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final Tokens old = Tokens.es256();
    private final Tokens next = Tokens.es256();
    private final JwksServer issuer = new JwksServer(old.jwks());
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final Authenticator authenticator = authenticator(PATIENCE);

    private Authenticator authenticator(Duration timeout) {
        InstantSource clock = now::get;
        var keys = new PublishedKeys(new PublishedKeys.Endpoint(issuer.url(), timeout), clock);
        return new Authenticator(
                Configured.read(old.environment(), AuthConfig::from),
                KeySet.EMPTY,
                Optional.of(keys),
                InstantSource.system());
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private void believes(Tokens tokens) {
        assertEquals(ADA, authenticator.authenticate(tokens.user(ADA).bearer()).userId());
    }

    private void refuses(Tokens tokens) {
        assertFails(
                UNAUTHORIZED, () -> authenticator.authenticate(tokens.user(ADA).bearer()));
    }

    private void hasNoKeys() {
        assertFails(KEYS_AWAY, () -> authenticator.authenticate(old.user(ADA).bearer()));
    }

    private void breakDown() {
        issuer.answer(exchange -> JwksServer.send(exchange, 500, "broken"));
    }

    @Test
    void goesOnWithOlderKeysForAnHourAndNoLonger() {
        believes(old);
        breakDown();
        pass(PublishedKeys.FRESH);
        believes(old);
        pass(PublishedKeys.TRUSTED.minus(PublishedKeys.FRESH).minus(MOMENT));
        believes(old);
        pass(MOMENT);
        hasNoKeys();
        issuer.publish(old.jwks());
        pass(PublishedKeys.FIRST_PAUSE);
        believes(old);
    }

    @Test
    void asksAnIssuerThatIsDownNowAndThenOnly() {
        believes(old);
        breakDown();
        pass(PublishedKeys.FRESH);
        for (int i = 0; i < 100; i++) {
            believes(old);
        }
        assertEquals(2, issuer.requests());
        pass(PublishedKeys.PAUSE);
        believes(old);
        assertEquals(3, issuer.requests());
    }

    @Test
    void trustsNoKeyOfASnapshotThatIsRestoredLongAfter() {
        believes(old);
        pass(Duration.ofDays(14));
        issuer.publish(next.jwks());
        refuses(old);
        believes(next);
    }

    @Test
    void takesKeysFromTheFutureForOld() {
        believes(old);
        pass(Duration.ofHours(-2));
        believes(old);
        assertEquals(2, issuer.requests());
        breakDown();
        pass(Duration.ofHours(-2));
        hasNoKeys();
    }

    @Test
    void sharesAFailureAndTriesAgainAfterASecond() {
        breakDown();
        for (int i = 0; i < 100; i++) {
            hasNoKeys();
        }
        assertEquals(1, issuer.requests());
        issuer.publish(old.jwks());
        pass(PublishedKeys.FIRST_PAUSE);
        believes(old);
    }

    @Test
    void forgetsAllKeysWhenTheIssuerPublishesNone() {
        believes(old);
        issuer.publish("{\"keys\":[]}");
        pass(PublishedKeys.FRESH);
        hasNoKeys();
        hasNoKeys();
    }
}
