package history.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A gateway event as plain maps, lists and strings; numbers and booleans are their text.
 *
 * <p>Read with the streaming parser: at a cold start a tree costs four times as much, and a typed event even more.
 */
public record Event(Map<String, @Nullable Object> fields) {
    private static final JsonFactory JSON = new JsonFactory();

    public static Event read(InputStream input) throws IOException {
        try (JsonParser parser = JSON.createParser(input)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? new Event(object(parser)) : new Event(Map.of());
        }
    }

    public @Nullable String text(String name) {
        return fields.get(name) instanceof String text ? text : null;
    }

    public String text(String name, String otherwise) {
        return fields.get(name) instanceof String text ? text : otherwise;
    }

    /** The object of that name; empty when it is absent or not an object. */
    @SuppressWarnings("unchecked")
    public Event child(String name) {
        return fields.get(name) instanceof Map<?, ?> map
                ? new Event((Map<String, @Nullable Object>) map)
                : new Event(Map.of());
    }

    /** The members that are texts. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (value instanceof String text) {
                texts.put(name, text);
            }
        });
        return texts;
    }

    /** The members that are lists of texts, none empty. */
    public Map<String, List<String>> lists() {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (value instanceof List<?> list && !list.isEmpty()) {
                lists.put(name, list.stream().map(String::valueOf).toList());
            }
        });
        return lists;
    }

    /**
     * Decoded, with each value of a name. From the query as it was called, where the event has it: what a gateway decodes it joins
     * by commas, but a value may contain commas too. A load balancer passes the values on undecoded.
     */
    public Map<String, List<String>> query() {
        Map<String, List<String>> query = new LinkedHashMap<>();
        String called = text("rawQueryString", "");
        if (!called.isEmpty()) {
            Stream.of(called.split("&", -1)).filter(pair -> !pair.isEmpty()).forEach(text -> {
                String[] pair = text.split("=", 2);
                query.computeIfAbsent(decoded(pair[0]), _ -> new ArrayList<>())
                        .add(pair.length == 1 ? "" : decoded(pair[1]));
            });
            return query;
        }
        child("queryStringParameters").texts().forEach((name, value) -> query.put(name, List.of(value)));
        query.putAll(child("multiValueQueryStringParameters").lists());
        if (child("requestContext").child("elb").fields().isEmpty()) {
            return query;
        }
        Map<String, List<String>> decoded = new LinkedHashMap<>();
        query.forEach((name, values) ->
                decoded.put(decoded(name), values.stream().map(Event::decoded).toList()));
        return decoded;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException asItIs) {
            return text;
        }
    }

    /** By names in lower case. If a gateway sends both single lines and lists of them, the lists are complete. */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        child("headers").texts().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        child("multiValueHeaders")
                .lists()
                .forEach((name, lines) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", lines)));
        return headers;
    }

    /**
     * The text, decoded where the gateway encoded it; empty when there is none.
     *
     * @throws IllegalArgumentException when it is marked as base64 and is not, or is not in UTF-8
     */
    public String body() {
        String text = text("body", "");
        if (!"true".equals(text("isBase64Encoded"))) {
            return text;
        }
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("The gateway marked the body as base64, and it is not.", notBase64);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException notUtf8) {
            throw new IllegalArgumentException(
                    "The body is not in UTF-8: see its byte " + bytes.position() + ", counted from 0.", notUtf8);
        }
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            map.put(name, value(parser));
        }
        return map;
    }

    private static List<@Nullable Object> array(JsonParser parser) throws IOException {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(parser));
        }
        return list;
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }
}
