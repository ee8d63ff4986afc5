package history.auth;

import static history.failure.Failure.Kind.UNAUTHORIZED;
import static history.fixture.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import history.fixture.Configured;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A token that comes again is not verified again, and is believed no longer and no further for that. */
final class VerifiedTokensTest {
    private static final UUID ADA = UUID.fromString("0a0a0a0a-0000-4000-8000-0000000000ad");
    private static final UUID BOB = UUID.fromString("0b0b0b0b-0000-4000-8000-0000000000b0");

    private final Tokens old = Tokens.es256();
    private final AtomicReference<KeySet> published = new AtomicReference<>(KeySet.parse(old.jwks()));
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final Authenticator authenticator = new Authenticator(
            Configured.read(old.environment(), AuthConfig::from),
            KeySet.EMPTY,
            Optional.of(new PublishedKeys(published::get, now::get)),
            now::get);

    private void publish(Tokens tokens) {
        published.set(KeySet.parse(tokens.jwks()));
        now.updateAndGet(instant -> instant.plus(PublishedKeys.FRESH));
    }

    private UUID user(String bearer) {
        return authenticator.authenticate(bearer).userId();
    }

    @Test
    void refusesATokenThatCameBeforeWhenItsKeyIsPublishedNoMore() {
        var bearer = old.user(ADA).bearer();
        assertEquals(ADA, user(bearer));
        assertEquals(ADA, user(bearer));
        publish(Tokens.es256());
        assertFails(UNAUTHORIZED, () -> user(bearer));
        publish(old);
        assertEquals(ADA, user(bearer));
    }

    @Test
    void refusesATokenThatCameBeforeWhenItHasExpired() {
        var bearer = old.user(ADA).expiresIn(Duration.ofMinutes(5)).bearer();
        assertEquals(ADA, user(bearer));
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(6)));
        assertFails(UNAUTHORIZED, () -> user(bearer));
        now.updateAndGet(instant -> instant.minus(Duration.ofMinutes(6)));
        assertEquals(ADA, user(bearer), "a clock that went back");
    }

    /** The end of a token is where only the signature differs. */
    @Test
    void tellsTokensApartByEveryCharacter() {
        var ada = old.user(ADA).bearer();
        var bob = old.user(BOB).bearer();
        assertEquals(ADA, user(ada));
        assertEquals(BOB, user(bob));
        for (int at = "Bearer ".length(); at < ada.length() - 1; at++) {
            var other = ada.charAt(at) == 'A' ? 'B' : 'A';
            var forged = ada.substring(0, at) + other + ada.substring(at + 1);
            if (ada.charAt(at) != '.') {
                assertFails(UNAUTHORIZED, () -> user(forged));
            }
        }
        var mixed = bob.substring(0, bob.lastIndexOf('.')) + ada.substring(ada.lastIndexOf('.'));
        assertFails(UNAUTHORIZED, () -> user(mixed));
        assertEquals(ADA, user(ada));
        assertEquals(BOB, user(bob));
    }

    @Test
    void keepsNoMoreThanItsNumber() {
        var secret = Tokens.hs256();
        var many = Configured.read(secret.environment(), Authenticator::from);
        for (int i = 0; i <= Authenticator.MOST_VERIFIED; i++) {
            many.authenticate(secret.user(new UUID(1, i)).bearer());
        }
        assertEquals(Authenticator.MOST_VERIFIED, many.verified.size());
    }
}
