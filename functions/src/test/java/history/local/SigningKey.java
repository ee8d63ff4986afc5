package history.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** Signs the tokens of the local run as Supabase does (ES256); made at the first start and kept, so tokens survive a restart. */
final class SigningKey {
    static final String ISSUER = "conversation-history-local";
    static final String AUDIENCE = "authenticated";
    static final int SECONDS = 24 * 60 * 60;

    private final EllipticCurveJsonWebKey key;

    private SigningKey(EllipticCurveJsonWebKey key) {
        this.key = key;
    }

    static SigningKey in(Path folder) throws IOException {
        var file = folder.resolve("signing-key.json");
        try {
            return new SigningKey(
                    (EllipticCurveJsonWebKey) JsonWebKey.Factory.newJwk(Secrets.keep(file, SigningKey::create)));
        } catch (JoseException | ClassCastException e) {
            throw new IllegalArgumentException(
                    "%s is not a key of the local run: delete it to have a new one made.".formatted(file), e);
        }
    }

    private static String create() {
        try {
            var key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            key.setKeyId(UUID.randomUUID().toString());
            key.setAlgorithm(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
            key.setUse("sig");
            return key.toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For {@code JWT_JWKS}. */
    String publicKeys() {
        return new JsonWebKeySet(key).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    String token(UUID user, String email, UUID tenant) {
        var claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience(AUDIENCE);
        claims.setSubject(user.toString());
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(SECONDS / 60f);
        claims.setStringClaim("email", email);
        claims.setStringClaim("role", "authenticated");
        claims.setClaim("app_metadata", Map.of("tenant_id", tenant.toString()));
        var signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setKey(key.getPrivateKey());
        signature.setKeyIdHeaderValue(key.getKeyId());
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
        signature.setHeader("typ", "JWT");
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
