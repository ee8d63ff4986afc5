package history.auth;

import static history.failure.Failure.Kind.UNAUTHORIZED;
import static history.fixture.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import history.fixture.Configured;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a token may choose its tenant, and where it may not. */
class TenantClaimTest {

    private static final UUID ADA = UUID.fromString("0a0a0a0a-0000-4000-8000-0000000000ad");
    private static final UUID TENANT = UUID.fromString("7e7e7e7e-0000-4000-8000-00000000000a");

    private final Tokens tokens = Tokens.hs256();
    private final Authenticator authenticator = Configured.read(tokens.environment(), Authenticator::from);

    @Test
    void choosesNoTenantWhereTheTokenNamesNone() {
        assertNull(authenticator.authenticate(tokens.user(ADA).bearer()).tenantClaim());
    }

    @Test
    void readsTheTenantFromAppMetadata() {
        var token = tokens.user(ADA).claim("app_metadata", Map.of("tenant_id", "demo", "provider", "email"));
        assertEquals("demo", authenticator.authenticate(token.bearer()).tenantClaim());
    }

    @Test
    void prefersTheTopLevelClaim() {
        var token = tokens.user(ADA).tenant(TENANT).claim("app_metadata", Map.of("tenant_id", "other"));
        assertEquals(
                TENANT.toString(), authenticator.authenticate(token.bearer()).tenantClaim());
    }

    @Test
    void neverReadsTheTenantFromUserMetadata() {
        var theirs = Map.of("tenant_id", TENANT.toString(), "app_metadata", Map.of("tenant_id", TENANT.toString()));
        var token = tokens.user(ADA).claim("user_metadata", theirs).claim("raw_user_meta_data", theirs);
        assertNull(authenticator.authenticate(token.bearer()).tenantClaim());
    }

    static Stream<Object> tenantsThatAreNotOneString() {
        return Stream.of(
                List.of(TENANT.toString(), ADA.toString()),
                List.of(TENANT.toString()),
                List.of(),
                Map.of("id", TENANT.toString()),
                1,
                false,
                "",
                " ",
                "a\u0000b",
                "a\nb",
                "t\u00e9nant",
                "x".repeat(256));
    }

    @ParameterizedTest
    @MethodSource("tenantsThatAreNotOneString")
    void refusesATenantThatIsNotOnePlainString(Object tenant) {
        var expected = "The token's tenant must be a single string of visible ASCII";
        assertEquals(expected, refusal(tokens.user(ADA).claim("tenant_id", tenant)));
        assertEquals(expected, refusal(tokens.user(ADA).claim("app_metadata", Map.of("tenant_id", tenant))));
    }

    @Test
    void takesATenantOfNullForNone() {
        var token = tokens.user(ADA).claim("tenant_id", null).claim("app_metadata", Map.of("tenant_id", "demo"));
        assertEquals("demo", authenticator.authenticate(token.bearer()).tenantClaim());
    }

    @ParameterizedTest
    @ValueSource(strings = {"org", "https://example.com/tenant", "app_metadata.org", "app_metadata.a.b"})
    void readsTheTenantFromTheConfiguredClaimOnly(String name) {
        var environment = new HashMap<>(tokens.environment());
        environment.put("JWT_TENANT_CLAIM", name);
        var configured = Configured.read(environment, Authenticator::from);
        var token = tokens.user(ADA)
                .claim("org", "demo")
                .claim("https://example.com/tenant", "demo")
                .claim("app_metadata", Map.of("org", "demo", "a.b", "demo"));
        assertEquals("demo", configured.authenticate(token.bearer()).tenantClaim());
        assertNull(configured
                .authenticate(tokens.user(ADA).tenant(TENANT).bearer())
                .tenantClaim());
    }

    private @Nullable String refusal(Tokens.Token token) {
        return assertFails(UNAUTHORIZED, () -> authenticator.authenticate(token.bearer()))
                .getMessage();
    }
}
