package history.auth;

import static history.failure.Failure.Kind.UNAUTHORIZED;
import static history.fixture.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import history.fixture.Configured;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {

    private static final UUID ADA = UUID.fromString("0a0a0a0a-0000-4000-8000-0000000000ad");
    private static final UUID TENANT = UUID.fromString("7e7e7e7e-0000-4000-8000-00000000000a");

    private final Tokens tokens = Tokens.hs256();
    private final Authenticator authenticator = Configured.read(tokens.environment(), Authenticator::from);

    static Stream<Tokens> issuers() {
        return Stream.of(Tokens.hs256(), Tokens.rs256(), Tokens.es256(), Tokens.eddsa());
    }

    @ParameterizedTest
    @MethodSource("issuers")
    void believesATokenOfEachAcceptedAlgorithm(Tokens issuer) {
        var caller = Configured.read(issuer.environment(), Authenticator::from)
                .authenticate(issuer.user(ADA).tenant(TENANT).bearer());
        assertEquals(new Caller(ADA, TENANT.toString()), caller);
    }

    @Test
    void tellsTheDatabaseOnlyUserAndRole() {
        var caller = authenticator.authenticate(tokens.user(ADA)
                .tenant(TENANT)
                .claim("role", "service_role")
                .claim("email", "ada@example.com")
                .bearer());
        assertEquals("{\"sub\":\"" + ADA + "\",\"role\":\"authenticated\"}", caller.claims());
    }

    @Test
    void believesATokenThatItsKeptKeySigned() {
        var kept = Tokens.fromPrivateKey(Tokens.es256().privateKey());
        var again = Tokens.fromPrivateKey(kept.privateKey());
        var caller = Configured.read(kept.environment(), Authenticator::from)
                .authenticate(again.user(ADA).bearer());
        assertEquals(ADA, caller.userId());
    }

    // The header

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "bearer", "BEARER", "bEaReR"})
    void readsTheSchemeInAnyCase(String scheme) {
        assertEquals(
                ADA,
                authenticator
                        .authenticate(scheme + " " + tokens.user(ADA).sign())
                        .userId());
    }

    @Test
    void readsATokenWithSpacesAround() {
        assertEquals(
                ADA,
                authenticator
                        .authenticate("Bearer   " + tokens.user(ADA).sign() + " ")
                        .userId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "Bearer", "Basic YWRhOmFkYQ==", "Bearertoken", "Token abc", "Bearer\tabc", "ＢＥＡＲＥＲ x"})
    void asksForABearerTokenWhenThereIsNone(String header) {
        assertEquals("A bearer token is required", refusal(header));
    }

    @Test
    void asksForABearerTokenWhenThereIsNoHeader() {
        assertEquals("A bearer token is required", refusal(null));
    }

    @Test
    void refusesTwoTokensInOneHeader() {
        var token = tokens.user(ADA).sign();
        assertEquals("The token is malformed", refusal("Bearer " + token + ", Bearer " + token));
    }

    @Test
    void refusesAHeaderOverTheLimitThoughItsTokenIsGood() {
        var spare = Authenticator.MAX_HEADER_LENGTH
                - tokens.user(ADA).claim("padding", "").bearer().length();
        var fits =
                tokens.user(ADA).claim("padding", "x".repeat(spare * 3 / 4 - 4)).bearer();
        var exceeds =
                tokens.user(ADA).claim("padding", "x".repeat(spare * 3 / 4 + 4)).bearer();
        assertEquals(ADA, authenticator.authenticate(fits).userId());
        assertEquals("The token is too long", refusal(exceeds));
    }

    @Test
    void refusesMegabytesWithoutReadingThem() {
        assertEquals("The token is too long", refusal("Bearer " + "a".repeat(20_000_000)));
    }

    // What it tells

    @Test
    void refusesWithoutCauseOrTraceBecauseTheLibraryQuotesTokens() {
        var header = "Bearer " + tokens.signed("{\"alg\":\"HS256\"}", "{\"secret\":");
        var refusal = assertFails(UNAUTHORIZED, () -> authenticator.authenticate(header));
        assertNull(refusal.getCause());
        assertEquals(0, refusal.getStackTrace().length);
        assertFalse(String.valueOf(refusal).contains("secret"));
    }

    private @Nullable String refusal(@Nullable String header) {
        return assertFails(UNAUTHORIZED, () -> authenticator.authenticate(header))
                .getMessage();
    }
}
