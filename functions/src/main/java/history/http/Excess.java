package history.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What is wrong with JSON that is to be stored, in the words of {@code history.excess}: measured on what the database keeps and
 * prints, where {@code 1e131071} has 131,072 digits and each comma and colon a space.
 */
final class Excess {
    private static final int MOST_LEVELS = 32;
    private static final int MOST_DIGITS = 1000;

    private Excess() {}

    static Optional<String> of(JsonNode json, int mostBytes) {
        if (isDeep(json, MOST_LEVELS)) {
            return Optional.of("is nested too deep; at most " + MOST_LEVELS + " levels");
        }
        if (hasEndlessNumber(json)) {
            return Optional.of("has a number that is too long; at most " + MOST_DIGITS + " digits");
        }
        long bytes = bytes(json);
        return bytes > mostBytes ? Optional.of("has " + bytes + " bytes; at most " + mostBytes) : Optional.empty();
    }

    private static boolean isDeep(JsonNode json, int levels) {
        return levels < 0 || json.valueStream().anyMatch(inner -> isDeep(inner, levels - 1));
    }

    private static boolean hasEndlessNumber(JsonNode json) {
        return json.isNumber()
                ? isEndless(json.decimalValue())
                : json.valueStream().anyMatch(Excess::hasEndlessNumber);
    }

    private static boolean isEndless(BigDecimal number) {
        return number.scale() > MOST_DIGITS || (long) number.precision() - number.scale() > MOST_DIGITS;
    }

    /** The length of the text that PostgreSQL makes of it. */
    private static long bytes(JsonNode json) {
        if (json instanceof ContainerNode<?> container) {
            long separators = 2L * Math.max(0, container.size() - 1) + (json.isObject() ? 2L * container.size() : 0);
            long names = json.propertyStream()
                    .mapToLong(field -> printed(Json.MAPPER.getNodeFactory().textNode(field.getKey())))
                    .sum();
            return 2
                    + separators
                    + names
                    + json.valueStream().mapToLong(Excess::bytes).sum();
        }
        return json.isNumber() ? json.decimalValue().toPlainString().length() : printed(json);
    }

    private static long printed(JsonNode scalar) {
        return scalar.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
