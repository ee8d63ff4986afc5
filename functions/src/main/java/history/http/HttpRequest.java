package history.http;

import history.gateway.Event;
import history.gateway.Route;
import history.text.Blank;
import history.text.Storable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One call as a gateway hands it over: payload format 1.0 (REST API) or 2.0 (HTTP API, function URL), or a load balancer's.
 *
 * @param root the path before the route's in the URL that was called, such as a stage
 * @param path of the URL that was called, root included, percent-encoded
 * @param pathParameters by the names in the route, e.g. {@code id}
 * @param query decoded, with each value of a name
 * @param headers names in lower case; several lines of one name are joined by commas (RFC 9110, 5.2)
 * @param event as it came, with the body
 * @param requestId the gateway's name for this call
 */
public record HttpRequest(
        String method,
        String root,
        String path,
        Map<String, String> pathParameters,
        Map<String, List<String>> query,
        Map<String, String> headers,
        Event event,
        String requestId) {
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final String GARBLE = "U+0000, half of a surrogate pair, or bytes that are not UTF-8 (U+FFFD).";
    private static final Pattern REQUEST_ID = Pattern.compile("[!-~]{1,200}");

    static HttpRequest read(InputStream input, Route route, String defaultRequestId) throws IOException {
        Event event = Event.read(input);
        Event context = event.child("requestContext");
        Route.Target target = route.target(event);
        String method = context.child("http").text("method", event.text("httpMethod", route.method()));
        return new HttpRequest(
                method.toUpperCase(Locale.ROOT),
                target.root(),
                target.path(),
                target.parameters(),
                event.query(),
                event.headers(),
                event,
                requestId(context.text("requestId", ""), defaultRequestId));
    }

    /** A reference to another path of this API, each segment percent-encoded, that resolves against the URL that was called. */
    public String reference(String... segments) {
        return root + '/' + Arrays.stream(segments).map(Route::encoded).collect(Collectors.joining("/"));
    }

    public Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }

    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).map(List::getFirst);
    }

    void checkParameters(List<String> allowed) {
        query.forEach((name, values) -> {
            if (!allowed.contains(name)) {
                throw Problem.badRequest("\"%.100s\" is not a parameter here; allowed: %s."
                        .formatted(name, allowed.isEmpty() ? "none" : String.join(", ", allowed)));
            }
            if (values.size() > 1) {
                throw Problem.badRequest(name + " is given more than once.");
            }
            if (Blank.is(values.getFirst()) || isGarbled(values.getFirst())) {
                throw Problem.badRequest(name + " must not be blank, nor have " + GARBLE);
            }
        });
    }

    /** The path parameter, whatever its form. */
    public String pathText(String name) {
        String text = pathParameters.get(name);
        if (text == null) {
            throw Problem.badRequest("The path has no " + name + ".");
        }
        if (isGarbled(text)) {
            throw Problem.badRequest("The " + name + " in the path must not have " + GARBLE);
        }
        return text;
    }

    /** Bytes that are not UTF-8 have become U+FFFD when a URL was decoded, here or by the gateway. */
    private static boolean isGarbled(String text) {
        return !Storable.holds(text) || text.contains("\uFFFD");
    }

    /** The UUID, if the text is one in the canonical form of 36 characters. */
    public static Optional<UUID> uuid(String text) {
        return UUID_TEXT.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }

    /** The text, decoded from base64 where the gateway encoded it; "" when there is none. A {@link Problem} if it cannot be read. */
    public String body() {
        String coding = headers.getOrDefault("content-encoding", "").strip();
        if (!event.text("body", "").isEmpty() && !coding.isEmpty() && !coding.equalsIgnoreCase("identity")) {
            throw Problem.encoded();
        }
        try {
            return event.body();
        } catch (IllegalArgumentException noText) {
            throw Problem.badRequest(String.valueOf(noText.getMessage()));
        }
    }

    /** It becomes a header, too. */
    private static String requestId(String named, String otherwise) {
        return REQUEST_ID.matcher(named).matches() ? named : otherwise;
    }
}
