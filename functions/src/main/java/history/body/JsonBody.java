package history.body;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.http.HttpRequest;
import history.http.Problem;
import history.text.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The JSON in a request's body, read strictly. */
public final class JsonBody {
    /** The largest body: a function's event may have 6 MB, and the rest of the event needs room too. */
    static final int MAX_BYTES = 5 * 1024 * 1024;

    private JsonBody() {}

    /**
     * The object in the body.
     *
     * @throws Problem 400 not a JSON object, 413 too large, 415 another content type, 422 beyond every field's limits
     */
    public static ObjectNode of(HttpRequest request) {
        request.header("content-type").filter(type -> !type.isBlank()).ifPresent(JsonBody::requireJson);
        String body = request.body();
        if (body.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw Problem.tooLarge("The body may have " + MAX_BYTES + " bytes.");
        }
        // RFC 8259, 8.1: a byte order mark may be ignored.
        String text = body.startsWith("\uFEFF") ? body.substring(1) : body;
        if (text.isBlank()) {
            throw Problem.badRequest("The body is empty; send a JSON object.");
        }
        if (parse(text) instanceof ObjectNode object) {
            return object;
        }
        throw Problem.badRequest("The body is JSON, but not an object.");
    }

    private static void requireJson(String contentType) {
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        boolean isJson = type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"));
        // A JSON Patch would mean something else.
        if (!isJson || type.equals("application/json-patch+json")) {
            throw Problem.notJson();
        }
    }

    private static JsonNode parse(String body) {
        try (JsonParser parser = Json.MAPPER.createParser(body)) {
            return parse(parser);
        } catch (JsonProcessingException notJson) {
            // The parser's words in ours, which quote nothing.
            boolean twice = notJson.getOriginalMessage().startsWith("Duplicate field ");
            var place = notJson.getLocation();
            throw Problem.badRequest("The body " + (twice ? "has an object with the same name twice" : "is not JSON")
                    + ": line " + place.getLineNr() + ", column " + place.getColumnNr() + ".");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The parser's own limits are far above what may be stored. A field that exceeds them is named, like one that is refused later. */
    private static JsonNode parse(JsonParser parser) throws IOException {
        try {
            return Json.MAPPER.readTree(parser);
        } catch (StreamConstraintsException | NumberFormatException excessive) {
            var place = parser.getParsingContext().pathAsPointer();
            throw Problem.invalid(
                    place.matches() ? "" : "/" + Fields.escape(place.getMatchingProperty()),
                    excess(String.valueOf(excessive.getMessage())));
        } catch (JsonParseException wrong) {
            if (!wrong.getOriginalMessage().matches(".*surrogate( pair)? in field name.*")) {
                throw wrong;
            }
            var object = parser.getParsingContext().getParent().pathAsPointer();
            throw Problem.invalid(object.toString(), "has a name with half of a surrogate pair");
        }
    }

    /** What is too much, by the parser's words. */
    private static String excess(String said) {
        if (said.startsWith("Document nesting")) {
            return "is nested too deep; at most 1000 levels, and 32 where it is kept";
        }
        return said.startsWith("Name ")
                ? "has a name that is too long; at most 50000 characters"
                : "has a number that is too long; at most 20000 digits, and 1000 where it is kept";
    }
}
