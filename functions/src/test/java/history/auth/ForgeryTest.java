package history.auth;

import static history.failure.Failure.Kind.UNAUTHORIZED;
import static history.fixture.Failures.assertFails;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import history.fixture.Configured;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.EcdsaUsingShaAlgorithm;
import org.jose4j.keys.HmacKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens as an attacker would make them, against keys as an issuer would publish them. */
class ForgeryTest {

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

    // The algorithm

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE", ""})
    void refusesNone(String none) {
        var token = RSA.user(ADA).header("alg", none).sign();
        assertEquals(UNTRUSTED, refusal(believing(RSA.jwk()), token));
        assertEquals(
                "The token is malformed",
                refusal(believing(RSA.jwk()), token.substring(0, token.lastIndexOf('.') + 1)));
    }

    @Test
    void refusesHs256SignedWithThePublicKey() {
        var publicKey = RSA.jwk().getPublicKey().getEncoded();
        var pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(publicKey)
                + "\n-----END PUBLIC KEY-----\n";
        for (var secret : List.of(pem, pem.strip(), RSA.jwks(), new String(publicKey, UTF_8))) {
            var token = Tokens.hs256(secret).user(ADA).header("kid", RSA.jwk().getKeyId());
            assertEquals(UNTRUSTED, refusal(believing(RSA.jwk()), token.sign()));
        }
        var token = RSA.user(ADA).header("alg", "HS256").sign();
        var text = token.substring(0, token.lastIndexOf('.'));
        assertEquals(UNTRUSTED, refusal(believing(RSA.jwk()), text + "." + hmac(publicKey, text)));
    }

    private static String hmac(byte[] secret, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new HmacKey(secret));
            return Tokens.base64(mac.doFinal(text.getBytes(US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key's owner signed these, rightly by RS256: what is wrong is only what the header says. */
    @ParameterizedTest
    @ValueSource(strings = {"RS384", "RS512", "PS256", "ES256", "HS256", "EdDSA", "rs256", "RSA1_5"})
    void refusesATokenThatNamesAnotherAlgorithmThanItsKeys(String algorithm) {
        assertEquals(
                UNTRUSTED,
                refusal(
                        believing(RSA.jwk()),
                        RSA.user(ADA).header("alg", algorithm).sign()));
    }

    @Test
    void refusesPublicKeyAlgorithmsWhereASecretIsConfigured() {
        var authenticator = Configured.read(Tokens.hs256().environment(), Authenticator::from);
        for (var other : List.of(RSA, EC, Tokens.eddsa())) {
            assertEquals(UNTRUSTED, refusal(authenticator, other.user(ADA).sign()));
        }
    }

    @Test
    void refusesAnotherSecret() {
        assertEquals(
                UNTRUSTED,
                refusal(
                        Configured.read(Tokens.hs256().environment(), Authenticator::from),
                        Tokens.hs256().user(ADA).sign()));
    }

    // What the header brings along

    @Test
    void ignoresKeysInTheHeader() {
        try (var evil = new JwksServer(OTHER_RSA.jwks())) {
            Map<String, Object> headers = Map.of(
                    "jwk", OTHER_RSA.jwk().toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY),
                    "jku", evil.url().toString(),
                    "x5u", evil.url().toString(),
                    "x5c", List.of("MIIB"),
                    "x5t", "abc");
            headers.forEach((name, value) -> {
                var forged = OTHER_RSA.user(ADA).header(name, value);
                assertEquals(UNTRUSTED, refusal(believing(RSA.jwk()), forged.sign()));
                assertEquals(
                        UNTRUSTED,
                        refusal(
                                believing(RSA.jwk()),
                                forged.withoutHeader("kid").sign()));
                believes(believing(RSA.jwk()), RSA.user(ADA).header(name, value).sign());
            });
            assertEquals(0, evil.requests());
        }
    }

    @Test
    void refusesExtensionsThatItDoesNotUnderstand() {
        var authenticator = believing(RSA.jwk());
        var expected = "The token needs an extension that is not supported";
        for (Object critical : List.of(List.of("b64"), List.of("exp"), List.of("x"), List.of(), "b64", true)) {
            assertEquals(
                    expected,
                    refusal(
                            authenticator,
                            RSA.user(ADA).header("crit", critical).sign()));
        }
        assertEquals(
                expected,
                refusal(authenticator, RSA.user(ADA).header("b64", false).sign()));
        assertEquals(
                expected,
                refusal(
                        authenticator,
                        RSA.user(ADA)
                                .header("b64", false)
                                .header("crit", List.of("b64"))
                                .sign()));
    }

    @Test
    void refusesHeadersAndClaimsThatSayAThingTwice() {
        var claims = "{\"sub\":\"%s\",\"exp\":9999999999,\"iss\":\"%s\",\"aud\":\"%s\"%s}";
        var good = claims.formatted(ADA, Tokens.ISSUER, Tokens.AUDIENCE, "");
        var twice = claims.formatted(ADA, Tokens.ISSUER, Tokens.AUDIENCE, ",\"sub\":\"" + UUID.randomUUID() + "\"");
        var authenticator = believing(RSA.jwk());
        believes(authenticator, RSA.signed("{\"alg\":\"RS256\"}", good));
        assertEquals(
                "The token's claims are malformed", refusal(authenticator, RSA.signed("{\"alg\":\"RS256\"}", twice)));
        assertEquals(
                "The token is malformed",
                refusal(authenticator, RSA.signed("{\"alg\":\"none\",\"alg\":\"RS256\"}", good)));
        assertEquals(
                "The token is malformed",
                refusal(authenticator, RSA.signed("{\"alg\":\"RS256\",\"kid\":\"a\",\"kid\":\"b\"}", good)));
    }

    // The signature

    @Test
    void refusesATokenWhosePartsWereExchanged() {
        var ada = RSA.user(ADA).sign().split("\\.", -1);
        var bob = RSA.user(UUID.randomUUID()).sign().split("\\.", -1);
        assertEquals(UNTRUSTED, refusal(believing(RSA.jwk()), ada[0] + "." + ada[1] + "." + bob[2]));
        assertEquals(UNTRUSTED, refusal(believing(RSA.jwk()), ada[0] + "." + bob[1] + "." + ada[2]));
    }

    @Test
    void refusesSignaturesOfTheWrongShape() throws Exception {
        var token = EC.user(ADA).sign();
        var text = token.substring(0, token.lastIndexOf('.') + 1);
        var right = Base64.getUrlDecoder().decode(token.substring(text.length()));
        var authenticator = believing(EC.jwk());
        for (var wrong : List.of(
                new byte[64], // r = s = 0, CVE-2022-21449
                EcdsaUsingShaAlgorithm.convertConcatenatedToDer(right),
                Arrays.copyOf(right, 63),
                Arrays.copyOf(right, 65),
                new byte[1])) {
            assertEquals(UNTRUSTED, refusal(authenticator, text + Tokens.base64(wrong)));
        }
        believes(authenticator, token);
    }
}
