package history.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** JSON bodies: read strictly, and without the two things that PostgreSQL's text cannot hold. */
public final class Json {
    /** Numbers keep their digits; a name that stands twice in an object is an error. */
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** What a body may weigh: a function's event ends at 6 MB, and the rest of the event needs room too. */
    static final int MAX_BODY_BYTES = 5 * 1024 * 1024;

    private Json() {}

    /**
     * The object in a request's body, cleaned: U+0000 and lone surrogates are removed from every text and name.
     *
     * @throws Problem 400 no JSON object, 413 too large, 415 another content type
     */
    public static ObjectNode object(HttpRequest request) {
        request.header("content-type").ifPresent(Json::requireJson);
        if (request.body().getBytes(StandardCharsets.UTF_8).length > MAX_BODY_BYTES) {
            throw Problem.tooLarge("The body may have " + MAX_BODY_BYTES + " bytes.");
        }
        if (request.body().isEmpty()) {
            throw Problem.badRequest("The body is empty; send a JSON object.");
        }
        if (parse(request.body()) instanceof ObjectNode object) {
            return (ObjectNode) clean(object);
        }
        throw Problem.badRequest("The body is JSON, but not an object.");
    }

    private static JsonNode parse(String body) {
        try {
            return MAPPER.readTree(body);
        } catch (StreamConstraintsException excessive) {
            throw Problem.badRequest("The body is nested too deep, or has a name or a number that is too long.");
        } catch (JsonProcessingException notJson) {
            var place = notJson.getLocation();
            throw Problem.badRequest(
                    "The body is not JSON: line " + place.getLineNr() + ", column " + place.getColumnNr() + ".");
        }
    }

    private static void requireJson(String contentType) {
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!type.equals("application/json") && !(type.startsWith("application/") && type.endsWith("+json"))) {
            throw Problem.notJson();
        }
    }

    private static JsonNode clean(JsonNode node) {
        return switch (node) {
            case TextNode text -> TextNode.valueOf(clean(text.textValue()));
            case ArrayNode array -> {
                ArrayNode cleaned = MAPPER.createArrayNode();
                array.forEach(element -> cleaned.add(clean(element)));
                yield cleaned;
            }
            case ObjectNode object -> {
                ObjectNode cleaned = MAPPER.createObjectNode();
                object.properties().forEach(field -> cleaned.set(clean(field.getKey()), clean(field.getValue())));
                yield cleaned;
            }
            default -> node;
        };
    }

    /** The text without U+0000 and lone surrogates, which PostgreSQL's text cannot hold. */
    public static String clean(String text) {
        if (text.codePoints().noneMatch(Json::unstorable)) {
            return text;
        }
        var cleaned = new StringBuilder(text.length());
        text.codePoints().filter(point -> !unstorable(point)).forEach(cleaned::appendCodePoint);
        return cleaned.toString();
    }

    private static boolean unstorable(int codePoint) {
        return codePoint == 0 || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
    }
}
