package history.body;

import com.fasterxml.jackson.databind.JsonNode;
import history.http.HttpRequest;
import history.http.Problem;
import history.text.Canonical;
import history.text.Digest;
import java.util.HexFormat;
import java.util.Optional;

/** The header {@code Idempotency-Key}: requests with the same key are the same request, sent again. */
public final class IdempotencyKey {
    private IdempotencyKey() {}

    /** The key; a {@link Problem} 400 unless it has 1 to 255 visible ASCII characters and no comma, by which two lines are joined. */
    public static Optional<String> of(HttpRequest request) {
        Optional<String> key = request.header("idempotency-key");
        if (key.isPresent() && !key.get().matches("[\\x21-\\x7e&&[^,]]{1,255}")) {
            throw Problem.badRequest(
                    "Idempotency-Key must be given once, with 1 to 255 visible ASCII characters and no comma.");
        }
        return key;
    }

    /**
     * Identifies the body, so that another body with the same key is noticed. Two hashes: one of the canonical JSON, and one of the
     * body as it was sent, which is all that earlier versions stored. Bodies are the same if either is equal.
     */
    public static String requestHash(JsonNode body) {
        return hash(Canonical.of(body)) + " " + hash(body);
    }

    private static String hash(JsonNode body) {
        return HexFormat.of().formatHex(Digest.sha256(body.toString()));
    }
}
