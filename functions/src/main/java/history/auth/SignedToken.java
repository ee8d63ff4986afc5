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
            var header = JsonUtil.parseJson(text(parts[0]));
            if (!(header.get("alg") instanceof String algorithm) || signature.length == 0) {
                throw malformed();
            }
            refuseExtensions(header);
            return new SignedToken(algorithm, keyId(header), parts[0] + "." + parts[1], text(parts[1]), parts[2]);
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

    private static @Nullable String keyId(Map<String, Object> header) {
        return switch (header.get("kid")) {
            case null -> null;
            case String keyId -> keyId;
            default -> throw malformed();
        };
    }

    private static String text(String part) {
        return new String(bytes(part), UTF_8);
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
