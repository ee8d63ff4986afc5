package history.auth;

import static history.failure.Failure.Kind.UNAUTHORIZED;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import history.failure.Failure;
import java.util.Base64;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * A JWS in compact form (RFC 7515), parsed but not verified yet.
 *
 * <p>Of the header only {@code alg} and {@code kid} are used: a key that a token brings along ({@code jwk}, {@code jku},
 * {@code x5c}, {@code x5u}) is as good as its sender's word.
 */
record SignedToken(String algorithm, @Nullable String keyId, String signedText, String payload, String signatureText) {
    static SignedToken parse(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw malformed();
        }
        try {
            var signature = bytes(parts[2]);
            var header = JsonUtil.parseJson(new String(bytes(parts[0]), UTF_8));
            var keyId = header.get("kid");
            if (!(header.get("alg") instanceof String algorithm)
                    || (keyId != null && !(keyId instanceof String))
                    || signature.length == 0) {
                throw malformed();
            }
            refuseExtensions(header);
            var payload = new String(bytes(parts[1]), UTF_8);
            return new SignedToken(algorithm, (String) keyId, parts[0] + "." + parts[1], payload, parts[2]);
        } catch (JoseException | IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static Failure malformed() {
        return new Failure(UNAUTHORIZED, "The token is malformed");
    }

    /** RFC 7515, 4.1.11: a critical extension that is not understood makes the token invalid, and none is understood. */
    private static void refuseExtensions(Map<String, Object> header) {
        if (header.containsKey("crit") || header.containsKey("b64")) {
            throw new Failure(UNAUTHORIZED, "The token needs an extension that is not supported");
        }
    }

    private static byte[] bytes(String part) {
        return Base64.getUrlDecoder().decode(part);
    }

    byte[] signedBytes() {
        return signedText.getBytes(US_ASCII);
    }

    byte[] signature() {
        return bytes(signatureText);
    }
}
