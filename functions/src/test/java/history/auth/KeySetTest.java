package history.auth;

import static history.failure.Failure.Kind.UNAUTHORIZED;
import static history.fixture.Failures.assertFails;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import history.fixture.Configured;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.OctetSequenceJsonWebKey;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which of the published keys may judge a token. */
class KeySetTest {

    private static final UUID ADA = UUID.fromString("0a0a0a0a-0000-4000-8000-0000000000ad");
    private static final Tokens RSA = Tokens.rs256();
    private static final Tokens OTHER_RSA = Tokens.otherRs256();
    private static final Tokens EC = Tokens.es256();
    private static final String UNTRUSTED = "The token is not signed with a key that is trusted here";

    private static Authenticator believing(JsonWebKey... keys) {
        var environment = new HashMap<>(RSA.environment());
        environment.put("JWT_JWKS", new JsonWebKeySet(keys).toJson());
        return Configured.read(environment, Authenticator::from);
    }

    private static @Nullable String refusal(Authenticator authenticator, String token) {
        return assertFails(UNAUTHORIZED, () -> authenticator.authenticate("Bearer " + token))
                .getMessage();
    }

    private static void believes(Authenticator authenticator, String token) {
        assertEquals(ADA, authenticator.authenticate("Bearer " + token).userId());
    }

    @Test
    void isPrimedWithEveryKindOfKeyAndBelievesNoMoreAfterIt() throws Exception {
        var kinds = believing(RSA.jwk(), EC.jwk(), Tokens.eddsa().jwk());
        assertEquals(3, kinds.prime());
        assertEquals(UNTRUSTED, refusal(kinds, OTHER_RSA.user(ADA).sign()));
        assertEquals(
                1,
                Configured.read(Tokens.hs256().environment(), Authenticator::from)
                        .prime());
    }

    @Test
    void refusesAnotherKeyUnderTheRightName() {
        var token = OTHER_RSA.user(ADA).header("kid", RSA.jwk().getKeyId()).sign();
        assertEquals(UNTRUSTED, refusal(believing(RSA.jwk()), token));
    }

    @Test
    void refusesTheRightKeyUnderAnotherName() {
        assertEquals(
                UNTRUSTED,
                refusal(
                        believing(RSA.jwk()),
                        RSA.user(ADA).header("kid", "other").sign()));
    }

    @Test
    void triesBothKeysOfOneName() throws JoseException {
        var first = named("same", EcJwkGenerator.generateJwk(EllipticCurves.P256));
        var second = named("same", EcJwkGenerator.generateJwk(EllipticCurves.P256));
        var third = named("same", OkpJwkGenerator.generateJwk(OctetKeyPairJsonWebKey.SUBTYPE_ED25519));
        var authenticator = believing(first, second, third);
        for (var key : List.of(first, second, third)) {
            believes(authenticator, Tokens.of(key).user(ADA).sign());
        }
        assertEquals(
                UNTRUSTED,
                refusal(authenticator, EC.user(ADA).header("kid", "same").sign()));
    }

    private static PublicJsonWebKey named(String name, PublicJsonWebKey key) {
        key.setKeyId(name);
        return key;
    }

    @Test
    void believesATokenWithoutKeyNameWhereOneKeyFits() {
        believes(believing(RSA.jwk()), RSA.user(ADA).withoutHeader("kid").sign());
        believes(
                believing(RSA.jwk(), EC.jwk()),
                RSA.user(ADA).withoutHeader("kid").sign());
    }

    @Test
    void refusesATokenWithoutKeyNameWhereSeveralKeysFit() {
        var token = RSA.user(ADA).withoutHeader("kid").sign();
        assertEquals(UNTRUSTED, refusal(believing(RSA.jwk(), OTHER_RSA.jwk()), token));
    }

    @Test
    void believesATokenWithAKeyNameWhereTheSecretHasNone() {
        var tokens = Tokens.hs256();
        believes(
                Configured.read(tokens.environment(), Authenticator::from),
                tokens.user(ADA).header("kid", "legacy").sign());
    }

    @Test
    void usesNoKeyThatIsTooWeakOrMeantForSomethingElse() throws JoseException {
        var weak = Tokens.rs256(1024).jwk();
        var longer = named("p384", EcJwkGenerator.generateJwk(EllipticCurves.P384));
        var encryption = changed(key -> key.setUse("enc"));
        var wrapping = changed(key -> key.setKeyOps(List.of("wrapKey")));
        var encrypting = changed(key -> key.setAlgorithm("ECDH-ES"));
        var authenticator = believing(weak, longer, encryption, wrapping, encrypting, RSA.jwk());
        believes(authenticator, RSA.user(ADA).sign());
        for (var key : List.of(weak, encryption, wrapping, encrypting)) {
            assertEquals(
                    UNTRUSTED, refusal(authenticator, Tokens.of(key).user(ADA).sign()));
        }
    }

    @Test
    void usesAKeyThatIsMeantForSignatures() {
        var key = changed(changed -> {
            changed.setUse("sig");
            changed.setKeyOps(List.of("verify"));
            changed.setAlgorithm("ES256");
        });
        believes(believing(key), Tokens.of(key).user(ADA).sign());
    }

    private static PublicJsonWebKey changed(Consumer<JsonWebKey> change) {
        try {
            var key = named(UUID.randomUUID().toString(), EcJwkGenerator.generateJwk(EllipticCurves.P256));
            change.accept(key);
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void usesNoSharedSecretFromAPublishedSet() {
        var secret = "a secret that is as long as it has to be";
        var published = new OctetSequenceJsonWebKey(new HmacKey(secret.getBytes(UTF_8)));
        published.setKeyId("shared");
        var environment = new HashMap<>(RSA.environment());
        environment.put(
                "JWT_JWKS",
                new JsonWebKeySet(published, RSA.jwk()).toJson(JsonWebKey.OutputControlLevel.INCLUDE_SYMMETRIC));
        var token = Tokens.hs256(secret).user(ADA).header("kid", "shared").sign();
        assertEquals(UNTRUSTED, refusal(Configured.read(environment, Authenticator::from), token));
    }

    @Test
    void usesNoKeyWhosePrivatePartIsPublished() {
        var environment = new HashMap<>(RSA.environment());
        environment.put(
                "JWT_JWKS",
                new JsonWebKeySet(OTHER_RSA.jwk(), RSA.jwk()).toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE));
        assertThrows(IllegalArgumentException.class, () -> Configured.read(environment, Authenticator::from));
    }
}
