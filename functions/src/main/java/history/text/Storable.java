package history.text;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Text and JSON that PostgreSQL can store. */
public final class Storable {
    private static final int MOST_LEVELS = 32;
    private static final int MOST_DIGITS = 1000;

    /** More take the database seconds, however small they are. */
    private static final int MOST_VALUES = 100_000;

    private Storable() {}

    /** The text without U+0000 and lone surrogates, which PostgreSQL cannot store. */
    public static String clean(String text) {
        if (holds(text)) {
            return text;
        }
        var cleaned = new StringBuilder(text.length());
        text.codePoints().filter(point -> !unstorable(point)).forEach(cleaned::appendCodePoint);
        return cleaned.toString();
    }

    private static boolean unstorable(int codePoint) {
        return codePoint == 0 || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
    }

    /** Whether PostgreSQL can store the text as it is. */
    public static boolean holds(String text) {
        return text.codePoints().noneMatch(Storable::unstorable);
    }

    /** The place of the first text or name that PostgreSQL cannot store. */
    public static Optional<JsonPointer> unheld(JsonNode json) {
        try (var tokens = json.traverse()) {
            while (tokens.nextToken() != null) {
                boolean isText = tokens.hasToken(JsonToken.FIELD_NAME) || tokens.hasToken(JsonToken.VALUE_STRING);
                if (isText && !holds(tokens.getText())) {
                    return Optional.of(tokens.getParsingContext().pathAsPointer());
                }
            }
            return Optional.empty();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * What is wrong with JSON that is to be stored, in the words of {@code history.excess}. Measured as the database stores
     * and prints it, where {@code 1e131071} has 131,072 digits and each comma and colon a space.
     */
    public static Optional<String> excess(JsonNode json, int mostBytes) {
        if (isDeep(json, MOST_LEVELS)) {
            return Optional.of("is nested too deep; at most " + MOST_LEVELS + " levels");
        }
        long values = values(json);
        if (values > MOST_VALUES) {
            return Optional.of("has " + values + " values in all; at most " + MOST_VALUES);
        }
        if (hasEndlessNumber(json)) {
            return Optional.of("has a number that is too long; at most " + MOST_DIGITS + " digits");
        }
        long bytes = bytes(json);
        return bytes > mostBytes ? Optional.of("has " + bytes + " bytes; at most " + mostBytes) : Optional.empty();
    }

    private static boolean isDeep(JsonNode json, int levels) {
        return json.isContainerNode()
                && (levels == 0 || json.valueStream().anyMatch(inner -> isDeep(inner, levels - 1)));
    }

    private static long values(JsonNode json) {
        return 1 + json.valueStream().mapToLong(Storable::values).sum();
    }

    private static boolean hasEndlessNumber(JsonNode json) {
        return json.isNumber()
                ? isEndless(json.decimalValue())
                : json.valueStream().anyMatch(Storable::hasEndlessNumber);
    }

    private static boolean isEndless(BigDecimal number) {
        return number.scale() > MOST_DIGITS || (long) number.precision() - number.scale() > MOST_DIGITS;
    }

    /** The length of the text as PostgreSQL prints it. */
    private static long bytes(JsonNode json) {
        if (json instanceof ContainerNode<?> container) {
            long separators = 2L * Math.max(0, container.size() - 1) + (json.isObject() ? 2L * container.size() : 0);
            long names = json.propertyStream()
                    .mapToLong(field -> printed(TextNode.valueOf(field.getKey())))
                    .sum();
            return 2
                    + separators
                    + names
                    + json.valueStream().mapToLong(Storable::bytes).sum();
        }
        return json.isNumber() ? json.decimalValue().toPlainString().length() : printed(json);
    }

    private static long printed(JsonNode scalar) {
        return scalar.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
