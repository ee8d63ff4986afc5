package history.auth;

import static history.failure.Failure.Kind.UNAUTHORIZED;
import static history.fixture.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import history.fixture.Configured;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a token that was rightly signed may say. */
class ClaimsTest {

    private static final UUID ADA = UUID.fromString("0a0a0a0a-0000-4000-8000-0000000000ad");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String SECRET = "a secret of exactly 32 bytes ...";

    private final Tokens tokens = Tokens.hs256(SECRET);
    private final Authenticator authenticator = Configured.read(tokens.environment(), Authenticator::from);

    // Times

    @Test
    void refusesATokenOnceItHasExpiredByMoreThanTheSkew() {
        var skew = Authenticator.CLOCK_SKEW.toSeconds();
        assertEquals(ADA, at(NOW, tokens.user(ADA).claim("exp", NOW.getEpochSecond() - skew + 1)));
        assertEquals("The token has expired", refusalAt(tokens.user(ADA).claim("exp", NOW.getEpochSecond() - skew)));
    }

    @Test
    void refusesATokenThatExpiredByTheSystemClock() {
        assertEquals("The token has expired", refusal(tokens.user(ADA).expiresIn(Duration.ofMinutes(-1))));
    }

    @Test
    void refusesATokenThatNeverExpires() {
        assertEquals("The token never expires", refusal(tokens.user(ADA).without("exp")));
    }

    @Test
    void refusesATokenBeforeItsTimeByMoreThanTheSkew() {
        var skew = Authenticator.CLOCK_SKEW.toSeconds();
        var later = NOW.getEpochSecond() + 3600;
        assertEquals(ADA, at(NOW, tokens.user(ADA).claim("exp", later).claim("nbf", NOW.getEpochSecond() + skew)));
        assertEquals(
                "The token is not valid yet",
                refusalAt(tokens.user(ADA).claim("exp", later).claim("nbf", NOW.getEpochSecond() + skew + 1)));
    }

    static Stream<Map<String, Object>> absurdTimes() {
        return Stream.of(
                Map.of("exp", "2099-01-01"),
                Map.of("exp", "99999999999"),
                Map.of("exp", List.of(9_999_999_999L)),
                Map.of("exp", true),
                Map.of("exp", Long.MIN_VALUE),
                Map.of("exp", -1e300),
                Map.of("nbf", "soon"),
                Map.of("nbf", Long.MAX_VALUE),
                Map.of("nbf", 1e300));
    }

    @ParameterizedTest
    @MethodSource("absurdTimes")
    void refusesTimesThatAreNone(Map<String, Object> times) {
        var token = tokens.user(ADA);
        times.forEach(token::claim);
        refusal(token);
    }

    @Test
    void refusesANumberTooLargeToRead() {
        var header = "{\"alg\":\"HS256\"}";
        var token = tokens.signed(header, "{\"sub\":\"" + ADA + "\",\"exp\":" + "9".repeat(400) + "}");
        assertFails(UNAUTHORIZED, () -> authenticator.authenticate("Bearer " + token));
    }

    // Issuer and audience

    static Stream<@Nullable Object> otherIssuers() {
        return Stream.of(
                "https://evil.example.com",
                Tokens.ISSUER + "/",
                Tokens.ISSUER.toUpperCase(Locale.ROOT),
                "",
                null,
                List.of(Tokens.ISSUER),
                1);
    }

    @ParameterizedTest
    @MethodSource("otherIssuers")
    void refusesAnotherIssuer(@Nullable Object issuer) {
        refusal(tokens.user(ADA).claim("iss", issuer));
    }

    @Test
    void refusesATokenOfTheNilUuid() {
        assertEquals("The token's subject is the nil UUID, which is no user's", refusal(tokens.user(Caller.NOBODY)));
    }

    @Test
    void saysThatTheIssuerIsAnother() {
        assertEquals(
                "The token is from another issuer", refusal(tokens.user(ADA).without("iss")));
    }

    static Stream<@Nullable Object> otherAudiences() {
        return Stream.of(
                "anon", "Authenticated", "", null, List.of(), List.of("a", "b"), List.of(1), 1, Map.of("a", 1));
    }

    @ParameterizedTest
    @MethodSource("otherAudiences")
    void refusesAnotherAudience(@Nullable Object audience) {
        refusal(tokens.user(ADA).claim("aud", audience));
    }

    @Test
    void saysThatTheAudienceIsAnother() {
        assertEquals(
                "The token is for another audience", refusal(tokens.user(ADA).without("aud")));
    }

    @Test
    void believesATokenForSeveralAudiences() {
        var token = tokens.user(ADA).claim("aud", List.of("other", Tokens.AUDIENCE));
        assertEquals(ADA, authenticator.authenticate(token.bearer()).userId());
    }

    // The user

    static Stream<@Nullable Object> noUserIds() {
        return Stream.of(
                "",
                "ada",
                "1-1-1-1-1",
                ADA + " ",
                "{" + ADA + "}",
                "urn:uuid:" + ADA,
                ADA.toString().replace("-", ""),
                "'; drop table messages; --",
                "٠a0a0a0a-0000-4000-8000-0000000000ad",
                1,
                true,
                List.of(ADA.toString()),
                null);
    }

    @ParameterizedTest
    @MethodSource("noUserIds")
    void refusesASubjectThatIsNoUuid(@Nullable Object subject) {
        refusal(tokens.user(ADA).claim("sub", subject));
    }

    @Test
    void refusesATokenWithoutSubject() {
        assertEquals(
                "The token's subject is not a user id", refusal(tokens.user(ADA).without("sub")));
    }

    @Test
    void readsASubjectInUpperCase() {
        var token = tokens.user(ADA).claim("sub", ADA.toString().toUpperCase(Locale.ROOT));
        assertEquals(ADA, authenticator.authenticate(token.bearer()).userId());
    }

    private @Nullable String refusal(Tokens.Token token) {
        return assertFails(UNAUTHORIZED, () -> authenticator.authenticate(token.bearer()))
                .getMessage();
    }

    private Authenticator at(Instant now) {
        var config = Configured.read(tokens.environment(), AuthConfig::from);
        return new Authenticator(config, config.known(), Optional.empty(), InstantSource.fixed(now));
    }

    private UUID at(Instant now, Tokens.Token token) {
        return at(now).authenticate(token.bearer()).userId();
    }

    private @Nullable String refusalAt(Tokens.Token token) {
        return assertFails(UNAUTHORIZED, () -> at(NOW, token)).getMessage();
    }
}
