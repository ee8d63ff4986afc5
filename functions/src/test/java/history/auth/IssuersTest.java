package history.auth;

import static history.failure.Failure.Kind.KEYS_AWAY;
import static history.failure.Failure.Kind.UNAUTHORIZED;
import static history.fixture.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.aws.SecretsManager;
import history.fixture.Api;
import history.fixture.Call;
import history.fixture.Configured;
import history.fixture.Person;
import history.fixture.World;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Tokens in the shapes that issuers give them. */
final class IssuersTest {
    private static final UUID ADA = UUID.fromString("0a0a0a0a-0000-4000-8000-0000000000ad");

    private static Authenticator believing(Tokens tokens, String... settings) {
        return Configured.read(environment(tokens, settings), Authenticator::from);
    }

    private static Map<String, String> environment(Tokens tokens, String... settings) {
        var environment = new HashMap<>(tokens.environment());
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        return environment;
    }

    @Test
    void anAccessTokenOfCognitoNamesItsClient() {
        var cognito = Tokens.rs256();
        var authenticator = believing(cognito, "JWT_AUDIENCE", "client-1");
        var access = Map.of("client_id", "client-1", "token_use", "access", "username", "ada");
        assertEquals(ADA, authenticator.authenticate(with(cognito, access)).userId());
        for (var other : List.of(
                Map.of("client_id", "client-2", "token_use", "access"),
                Map.of("client_id", "client-1", "token_use", "id"),
                Map.of("client_id", "client-1"),
                Map.of("token_use", "access"),
                Map.of("client_id", List.of("client-1"), "token_use", "access"),
                Map.of("aud", "other", "client_id", "client-1", "token_use", "access"),
                Map.of("aud", List.of(), "client_id", "client-1", "token_use", "access"))) {
            assertFails(UNAUTHORIZED, () -> authenticator.authenticate(with(cognito, other)));
        }
        var identity = Map.of("aud", "client-1", "token_use", "id");
        assertEquals(ADA, authenticator.authenticate(with(cognito, identity)).userId());
    }

    private static String with(Tokens tokens, Map<String, ?> claims) {
        var token = tokens.user(ADA).without("aud");
        claims.forEach(token::claim);
        return token.bearer();
    }

    @Test
    void aSecretAndKeysStandSideBySideWhileAnIssuerGoesOver() {
        var old = Tokens.hs256();
        for (var current : List.of(Tokens.es256(), Tokens.rs256())) {
            var authenticator = believing(
                    current, "JWT_SECRET", String.valueOf(old.environment().get("JWT_SECRET")));
            assertEquals(ADA, authenticator.authenticate(old.user(ADA).bearer()).userId());
            assertEquals(
                    ADA,
                    authenticator
                            .authenticate(old.user(ADA).header("kid", "legacy").bearer())
                            .userId());
            assertEquals(
                    ADA, authenticator.authenticate(current.user(ADA).bearer()).userId());
            // A public key is no secret, and a secret no public key.
            var publicKey = Tokens.hs256(String.valueOf(current.environment().get("JWT_JWKS")));
            assertFails(
                    UNAUTHORIZED,
                    () -> authenticator.authenticate(publicKey.user(ADA).bearer()));
            assertFails(
                    UNAUTHORIZED,
                    () -> authenticator.authenticate(Tokens.hs256().user(ADA).bearer()));
            assertFails(
                    UNAUTHORIZED,
                    () -> authenticator.authenticate(
                            old.user(ADA).header("alg", "ES256").bearer()));
        }
    }

    @Test
    void aSecretInSecretsManagerIsReadWithTheFirstTokenAndWhenItHasChanged() throws Exception {
        var arn = SecretsManager.arn("jwt");
        var first = Tokens.hs256();
        var second = Tokens.hs256();
        var published = Tokens.es256();
        try (var aws = new SecretsManager();
                var issuer = new JwksServer(published.jwks())) {
            var environment = new HashMap<>(first.environment());
            environment.putAll(aws.container());
            environment.put("JWT_SECRET", arn);
            var authenticator = Configured.read(environment, Authenticator::from);
            assertFails(
                    KEYS_AWAY, () -> authenticator.authenticate(first.user(ADA).bearer()));
            aws.put(arn, String.valueOf(first.environment().get("JWT_SECRET")));
            var later = Configured.read(environment, Authenticator::from);
            assertEquals(ADA, later.authenticate(first.user(ADA).bearer()).userId());
            assertEquals(ADA, later.authenticate(first.user(ADA).bearer()).userId());
            assertEquals(2, aws.reads());
            aws.put(arn, String.valueOf(second.environment().get("JWT_SECRET")));
            assertEquals(ADA, later.authenticate(second.user(ADA).bearer()).userId());
            environment.put("JWT_JWKS_URL", issuer.url().toString());
            var both = Configured.read(environment, Authenticator::from);
            assertEquals(ADA, both.authenticate(published.user(ADA).bearer()).userId());
            assertEquals(ADA, both.authenticate(second.user(ADA).bearer()).userId());
        }
    }

    @Test
    void theSecretNeedsNoIssuerThatAnswers() throws Exception {
        var old = Tokens.hs256();
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var authenticator = believing(old, "JWT_JWKS_URL", "http://127.0.0.1:" + silent.getLocalPort() + "/jwks");
            assertEquals(ADA, authenticator.authenticate(old.user(ADA).bearer()).userId());
            var begin = System.nanoTime();
            assertFails(
                    KEYS_AWAY,
                    () -> authenticator.authenticate(
                            Tokens.es256().user(ADA).bearer(), Instant.now().plusMillis(2500)));
            assertTrue(Duration.ofNanos(System.nanoTime() - begin).toMillis() < 2400);
        }
    }

    @Test
    void aSubjectThatIsNoUuidIsRefusedUnlessOneIsToBeDerived() {
        var tokens = Tokens.es256();
        var strict = believing(tokens);
        var deriving = believing(tokens, "JWT_SUBJECT", "derived");
        for (var subject :
                List.of("auth0|5f7c8ec7c33c6c004bbafe82", "user_2NNEqL2nrIRdJ194ndJqAHwEfxC", "1-1-1-1-1", "Ada ü")) {
            var token = tokens.user(ADA).claim("sub", subject).bearer();
            assertFails(UNAUTHORIZED, () -> strict.authenticate(token));
            var user = deriving.authenticate(token).userId();
            assertEquals(user, deriving.authenticate(token).userId());
            assertEquals(8, user.version());
            assertEquals(2, user.variant());
        }
        assertEquals(ADA, deriving.authenticate(tokens.user(ADA).bearer()).userId());
        assertFails(
                UNAUTHORIZED,
                () -> deriving.authenticate(tokens.user(ADA).claim("sub", " ").bearer()));
        assertFails(
                UNAUTHORIZED,
                () -> deriving.authenticate(tokens.user(ADA).without("sub").bearer()));
    }

    /** The team fills {@code tenant_users} with the ids that the functions will find there. */
    @Test
    void theDatabaseDerivesTheSameUser() throws Exception {
        var tokens = Tokens.es256();
        try (var world = World.create()) {
            world.execute("""
                    with subject(issuer, sub) as (values ('%s', 'auth0|ada ü')), made as (
                        select encode(sha256(convert_to(issuer, 'UTF8') || '\\x00'::bytea || convert_to(sub, 'UTF8')), 'hex') as h from subject),
                    ada as (
                        select overlay(overlay(left(h, 32) placing '8' from 13)
                            placing translate(substr(h, 17, 1), '0123456789abcdef', '89ab89ab89ab89ab') from 17)::uuid as id from made),
                    known as (insert into auth.users (id) select id from ada)
                    insert into public.tenant_users (tenant_id, user_id, role) select '%s', id, 'user' from ada""".formatted(Tokens.ISSUER, world.ada().tenantId()));
            Map<String, String> environment = new LinkedHashMap<>(world.environment());
            environment.remove("JWT_SECRET");
            environment.putAll(environment(tokens, "JWT_SUBJECT", "derived"));
            var api = new Api(environment);
            var ada = new Person(
                    ADA,
                    world.ada().tenantId(),
                    tokens.user(ADA).claim("sub", "auth0|ada ü").bearer());
            var created = api.call(Call.post("/api/conversations", "{}").as(ada));
            assertEquals(201, created.status(), created::body);
            var user = Configured.read(environment, Authenticator::from)
                    .authenticate(ada.bearer())
                    .userId();
            assertEquals(user.toString(), created.json().path("user_id").asText());
        }
    }
}
