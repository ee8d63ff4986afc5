package history.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The JSON in a request's body: read strictly, and without what PostgreSQL's text cannot hold. */
public final class JsonBody {
    /** What a body may weigh: a function's event ends at 6 MB, and the rest of the event needs room too. */
    static final int MAX_BYTES = 5 * 1024 * 1024;

    private JsonBody() {}

    /**
     * The object in the body, cleaned: U+0000 and lone surrogates are removed from every text and name.
     *
     * @throws Problem 400 no JSON object, 413 too large, 415 another content type
     */
    public static ObjectNode of(HttpRequest request) {
        request.header("content-type").ifPresent(JsonBody::requireJson);
        if (request.body().getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw Problem.tooLarge("The body may have " + MAX_BYTES + " bytes.");
        }
        if (request.body().isEmpty()) {
            throw Problem.badRequest("The body is empty; send a JSON object.");
        }
        if (parse(request.body()) instanceof ObjectNode object) {
            return (ObjectNode) clean(object);
        }
        throw Problem.badRequest("The body is JSON, but not an object.");
    }

    private static void requireJson(String contentType) {
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!type.equals("application/json") && !(type.startsWith("application/") && type.endsWith("+json"))) {
            throw Problem.notJson();
        }
    }

    private static JsonNode parse(String body) {
        try {
            return Json.MAPPER.readTree(body);
        } catch (StreamConstraintsException excessive) {
            throw Problem.badRequest("The body is nested too deep, or has a name or a number that is too long.");
        } catch (JsonProcessingException notJson) {
            var place = notJson.getLocation();
            throw Problem.badRequest(
                    "The body is not JSON: line " + place.getLineNr() + ", column " + place.getColumnNr() + ".");
        }
    }

    private static JsonNode clean(JsonNode node) {
        return switch (node) {
            case TextNode text -> TextNode.valueOf(Json.clean(text.textValue()));
            case ArrayNode array -> {
                ArrayNode cleaned = Json.MAPPER.createArrayNode();
                array.forEach(element -> cleaned.add(clean(element)));
                yield cleaned;
            }
            case ObjectNode object -> {
                ObjectNode cleaned = Json.MAPPER.createObjectNode();
                object.properties().forEach(field -> cleaned.set(Json.clean(field.getKey()), clean(field.getValue())));
                yield cleaned;
            }
            default -> node;
        };
    }
}
