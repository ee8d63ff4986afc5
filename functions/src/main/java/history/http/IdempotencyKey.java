package history.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** The header {@code Idempotency-Key}: with it, a request that is sent again means the same request. */
public final class IdempotencyKey {
    private IdempotencyKey() {}

    /** The key; a {@link Problem} 400 unless it has 1 to 255 visible ASCII characters. */
    public static Optional<String> of(HttpRequest request) {
        Optional<String> key = request.header("idempotency-key");
        if (key.isPresent() && !key.get().matches("[\\x21-\\x7e]{1,255}")) {
            throw Problem.badRequest("Idempotency-Key must have 1 to 255 visible ASCII characters.");
        }
        return key;
    }

    /** What the body of a request says, so that another body with the same key is noticed; equal JSON is the same body. */
    public static String requestHash(JsonNode body) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of()
                    .formatHex(digest.digest(canonical(body).toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The members of objects in order, and each number in one form. */
    private static JsonNode canonical(JsonNode json) {
        return switch (json) {
            case ObjectNode object -> {
                ObjectNode ordered = Json.MAPPER.createObjectNode();
                object.propertyStream()
                        .sorted(Map.Entry.comparingByKey())
                        .forEach(field -> ordered.set(field.getKey(), canonical(field.getValue())));
                yield ordered;
            }
            case ArrayNode array -> {
                ArrayNode list = Json.MAPPER.createArrayNode();
                array.forEach(element -> list.add(canonical(element)));
                yield list;
            }
            case NumericNode number -> DecimalNode.valueOf(number.decimalValue().stripTrailingZeros());
            default -> json;
        };
    }
}
