package history.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.Key;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.util.List;
import org.jose4j.jca.ProviderContext;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.EcdsaUsingShaAlgorithm;
import org.jose4j.jws.EdDsaAlgorithm;
import org.jose4j.jws.HmacUsingShaAlgorithm;
import org.jose4j.jws.JsonWebSignatureAlgorithm;
import org.jose4j.jws.RsaUsingShaAlgorithm;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * A key with the one algorithm that it may verify: the key decides how a token is verified, never the token.
 *
 * <p>The algorithms are made here and not looked up by name, because jose4j's registry tries every algorithm of JWE too
 * on first use, which takes a third of a cold verification.
 */
record VerificationKey(@Nullable String id, String algorithm, JsonWebSignatureAlgorithm verifier, Key key) {
    static final int SECRET_BYTES = 32;
    static final int RSA_BITS = 2048;

    private static final ProviderContext JDK = new ProviderContext();

    static VerificationKey ofSecret(String secret) {
        byte[] bytes = secret.getBytes(UTF_8);
        if (bytes.length < SECRET_BYTES) {
            throw new IllegalArgumentException("must have at least " + SECRET_BYTES + " bytes, for HS256");
        }
        return new VerificationKey(null, "HS256", new HmacUsingShaAlgorithm.HmacSha256(), new HmacKey(bytes));
    }

    /** Null when the key is not meant for verifying, is too weak, or goes with no algorithm that is accepted. */
    static @Nullable VerificationKey of(JsonWebKey jwk) {
        var key = byType(jwk);
        return key != null && isForVerifying(jwk, key.algorithm()) && key.isSound() ? key : null;
    }

    private static @Nullable VerificationKey byType(JsonWebKey jwk) {
        return switch (jwk) {
            case RsaJsonWebKey rsa
            when rsa.getRsaPublicKey().getModulus().bitLength() >= RSA_BITS ->
                of(rsa, "RS256", new RsaUsingShaAlgorithm.RsaSha256());
            case EllipticCurveJsonWebKey ec
            when EllipticCurves.P_256.equals(ec.getCurveName()) ->
                of(ec, "ES256", new EcdsaUsingShaAlgorithm.EcdsaP256UsingSha256());
            case OctetKeyPairJsonWebKey okp
            when OctetKeyPairJsonWebKey.SUBTYPE_ED25519.equals(okp.getSubtype()) ->
                of(okp, "EdDSA", new EdDsaAlgorithm());
            default -> null;
        };
    }

    private static VerificationKey of(PublicJsonWebKey jwk, String algorithm, JsonWebSignatureAlgorithm verifier) {
        return new VerificationKey(jwk.getKeyId(), algorithm, verifier, jwk.getPublicKey());
    }

    /** A private key in the set is compromised: everybody who can read the set has it. */
    private static boolean isForVerifying(JsonWebKey jwk, String algorithm) {
        List<String> operations = jwk.getKeyOps();
        return (jwk.getAlgorithm() == null || jwk.getAlgorithm().equals(algorithm))
                && (jwk.getUse() == null || jwk.getUse().equals("sig"))
                && (operations == null || operations.contains("verify"))
                && ((PublicJsonWebKey) jwk).getPrivateKey() == null;
    }

    /** Whether it is a point of its curve, at which the JDK looks only when it verifies; of EC it does not even say so then. */
    private boolean isSound() {
        if (key instanceof ECPublicKey ec && ec.getParams().getCurve().getField() instanceof ECFieldFp field) {
            var curve = ec.getParams().getCurve();
            var x = ec.getW().getAffineX();
            var y = ec.getW().getAffineY();
            var right = x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB());
            return y.multiply(y).subtract(right).mod(field.getP()).signum() == 0;
        }
        try {
            verifier.verifySignature(new byte[64], key, new byte[0], JDK);
            return true;
        } catch (JoseException e) {
            return false;
        }
    }

    boolean verifies(SignedToken token) {
        try {
            return verifier.verifySignature(token.signature(), key, token.signedBytes(), JDK);
        } catch (JoseException e) {
            return false;
        }
    }
}
