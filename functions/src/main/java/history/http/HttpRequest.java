package history.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One call as a gateway hands it over, payload format 1.0 (REST API) or 2.0 (HTTP API, function URL).
 *
 * @param path the path without the stage, e.g. {@code /api/conversations}
 * @param pathParameters what the route named, e.g. {@code id}
 * @param query decoded; of several values of one name the last
 * @param headers names in lower case
 * @param body the text, decoded from base64 where the gateway encoded it; empty when there is none
 * @param requestId the gateway's name for this call
 */
public record HttpRequest(
        String method,
        String path,
        Map<String, String> pathParameters,
        Map<String, String> query,
        Map<String, String> headers,
        String body,
        String requestId) {
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    static HttpRequest read(InputStream input, String defaultRequestId) throws IOException {
        Event event = Event.read(input);
        Event context = event.child("requestContext");
        Event http = context.child("http");
        String method = first(http.text("method"), event.text("httpMethod"), "GET");
        String path = first(event.text("rawPath"), event.text("path"), "/");
        return new HttpRequest(
                method.toUpperCase(Locale.ROOT),
                withoutStage(path, context.text("stage")),
                values(event, "pathParameters", null),
                values(event, "queryStringParameters", "multiValueQueryStringParameters"),
                lowerCase(values(event, "headers", "multiValueHeaders")),
                body(event),
                first(context.text("requestId"), null, defaultRequestId));
    }

    public Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }

    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** The UUID of that name in the path; a {@link Problem} 400 when it is not one. */
    public UUID pathUuid(String name) {
        String text = pathText(name);
        return uuid(text).orElseThrow(() -> Problem.badRequest("The " + name + " in the path is not a UUID."));
    }

    /** What the path has in that place, whatever it is. */
    public String pathText(String name) {
        return Optional.ofNullable(pathParameters.get(name))
                .orElseThrow(() -> Problem.badRequest("The path has no " + name + "."));
    }

    /** The UUID that a text spells in the canonical form of 36 characters, and in no other. */
    public static Optional<UUID> uuid(String text) {
        return UUID_TEXT.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }

    private static Map<String, String> values(Event event, String name, @Nullable String multiValueName) {
        Map<String, String> values = new LinkedHashMap<>();
        Event single = event.child(name);
        for (String key : single.fields().keySet()) {
            String text = single.text(key);
            if (text != null) {
                values.put(key, text);
            }
        }
        if (multiValueName != null) {
            Event multiple = event.child(multiValueName);
            for (String key : multiple.fields().keySet()) {
                String text = multiple.last(key);
                if (text != null) {
                    values.put(key, text);
                }
            }
        }
        return values;
    }

    private static Map<String, String> lowerCase(Map<String, String> headers) {
        Map<String, String> lower = new LinkedHashMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        return lower;
    }

    private static String body(Event event) {
        String text = event.text("body");
        if (text == null || !"true".equals(event.text("isBase64Encoded"))) {
            return text == null ? "" : text;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (IllegalArgumentException notBase64) {
            throw Problem.badRequest("The gateway marked the body as base64, and it is not.");
        } catch (CharacterCodingException notUtf8) {
            throw Problem.badRequest("The body is not in UTF-8.");
        }
    }

    /** An HTTP API with a named stage puts it in front of the raw path; {@code $default} is not in the path. */
    private static String withoutStage(String path, @Nullable String stage) {
        if (stage == null || stage.isEmpty()) {
            return path;
        }
        return path.startsWith("/" + stage + "/") ? path.substring(stage.length() + 1) : path;
    }

    private static String first(@Nullable String one, @Nullable String other, String otherwise) {
        if (one != null) {
            return one;
        }
        return other != null ? other : otherwise;
    }
}
