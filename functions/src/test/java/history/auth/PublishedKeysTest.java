package history.auth;

import static history.failure.Failure.Kind.UNAUTHORIZED;
import static history.fixture.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Configured;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jose4j.jwk.JsonWebKeySet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys from an issuer that rotates them, breaks down and comes back. */
@Timeout(30)
class PublishedKeysTest {

    private static final UUID ADA = UUID.fromString("0a0a0a0a-0000-4000-8000-0000000000ad");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final Tokens old = Tokens.es256();
    private final Tokens next = Tokens.es256();
    private final Tokens forger = Tokens.es256();
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

    private void breakDown() {
        issuer.answer(exchange -> JwksServer.send(exchange, 500, "broken"));
    }

    @Test
    void asksTheIssuerWithTheFirstTokenAndNotBefore() {
        var environment = new HashMap<>(old.environment());
        environment.remove("JWT_JWKS");
        environment.put("JWT_JWKS_URL", issuer.url().toString());
        var configured = Configured.read(environment, Authenticator::from);
        assertFails(UNAUTHORIZED, () -> configured.authenticate(null));
        assertFails(UNAUTHORIZED, () -> configured.authenticate("Bearer rubbish"));
        assertEquals(0, issuer.requests());
        configured.authenticate(old.user(ADA).bearer());
        assertEquals(1, issuer.requests());
    }

    @Test
    void keepsTheKeysWhileTheyAreFresh() {
        believes(old);
        pass(PublishedKeys.FRESH.minus(MOMENT));
        believes(old);
        assertEquals(1, issuer.requests());
        pass(MOMENT);
        believes(old);
        assertEquals(2, issuer.requests());
    }

    @Test
    void believesNoKeyThatIsNoLongerPublished() {
        believes(old);
        issuer.publish(next.jwks());
        believes(old); // until it notices
        pass(PublishedKeys.FRESH);
        refuses(old);
        believes(next);
    }

    @Test
    void noticesANewKeyWithItsFirstToken() {
        believes(old);
        issuer.publish(new JsonWebKeySet(old.jwk(), next.jwk()).toJson());
        believes(next);
        believes(old);
        assertEquals(2, issuer.requests());
    }

    @Test
    void noticesAKeyThatWasExchangedUnderItsOldName() {
        believes(old);
        next.jwk().setKeyId(old.jwk().getKeyId());
        issuer.publish(next.jwks());
        believes(next);
        refuses(old);
    }

    @Test
    void asksOnceForUnknownKeysAndThenAtABoundedRate() {
        believes(old);
        for (int i = 0; i < 1000; i++) {
            assertFails(
                    UNAUTHORIZED,
                    () -> authenticator.authenticate(forger.user(ADA)
                            .header("kid", UUID.randomUUID().toString())
                            .bearer()));
        }
        assertEquals(2, issuer.requests());
        pass(PublishedKeys.PAUSE.minus(MOMENT));
        refuses(forger);
        assertEquals(2, issuer.requests());
        pass(MOMENT);
        refuses(forger);
        refuses(forger);
        assertEquals(3, issuer.requests());
    }

    @Test
    void forgeriesDoNotMakeAnIssuerThatIsDownAnyBusierAndAreStillRefused() {
        believes(old);
        breakDown();
        for (int i = 0; i < 100; i++) {
            refuses(forger);
        }
        assertEquals(2, issuer.requests());
        believes(old);
    }

    @Test
    void followsARotationDuringTrafficWithOneFetch() throws Exception {
        believes(old);
        issuer.publish(new JsonWebKeySet(old.jwk(), next.jwk()).toJson());
        var start = new CountDownLatch(1);
        var answers = new ArrayList<Future<Caller>>();
        try (var threads = Executors.newFixedThreadPool(16)) {
            for (int i = 0; i < 64; i++) {
                var header = (i % 2 == 0 ? old : next).user(ADA).bearer();
                answers.add(threads.submit(() -> {
                    start.await();
                    return authenticator.authenticate(header);
                }));
            }
            start.countDown();
            for (var answer : answers) {
                assertEquals(ADA, answer.get().userId());
            }
        }
        assertEquals(2, issuer.requests());
    }

    @Test
    void asksWithOneThreadAtATime() throws Exception {
        var answers = new ArrayList<Future<Caller>>();
        var start = new CountDownLatch(1);
        try (var threads = Executors.newFixedThreadPool(16)) {
            for (int i = 0; i < 16; i++) {
                var header = old.user(ADA).bearer();
                answers.add(threads.submit(() -> {
                    start.await();
                    return authenticator.authenticate(header);
                }));
            }
            start.countDown();
            for (var answer : answers) {
                assertEquals(ADA, answer.get().userId());
            }
        }
        assertEquals(1, issuer.requests());
        assertEquals(1, issuer.mostAtOnce());
    }

    @Test
    void servesOthersWithOlderKeysWhileOneThreadAsks() throws Exception {
        believes(old);
        pass(PublishedKeys.FRESH);
        var asked = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        issuer.answer(exchange -> {
            asked.countDown();
            await(mayAnswer);
            JwksServer.send(exchange, 200, next.jwks());
        });
        try (var thread = Executors.newSingleThreadExecutor()) {
            var header = next.user(ADA).bearer();
            var slow = thread.submit(() -> authenticator.authenticate(header));
            assertTrue(asked.await(10, TimeUnit.SECONDS));
            believes(old);
            assertFalse(slow.isDone());
            mayAnswer.countDown();
            assertEquals(ADA, slow.get().userId());
        }
        refuses(old);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
