package history.http;

import history.config.Variables;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets pages of other origins read the responses, where the gateway does not do it as an HTTP API does: behind a REST API that
 * streams.
 *
 * @param origins {@code *} for all; empty where the gateway does it
 */
public record Cors(Set<String> origins) {
    public static final Cors NONE = new Cors(Set.of());

    /** As in the template, less what only the other endpoints use. */
    public static final List<String> ALLOWED = List.of(
            "Accept", "Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", "traceparent", "User-Agent");

    public static final List<String> EXPOSED = List.of(
            "Idempotency-Replayed",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "WWW-Authenticate",
            "x-request-id",
            "x-vercel-ai-ui-message-stream");

    /** From {@code CORS_ORIGINS}, separated by commas. */
    public static Cors from(Variables variables) {
        return new Cors(variables.value("CORS_ORIGINS", Cors::origins).orElse(Set.of()));
    }

    private static Set<String> origins(String list) {
        return Stream.of(list.split(",", -1))
                .map(String::strip)
                .filter(origin -> !origin.isEmpty())
                .map(Cors::origin)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Browsers write hosts in small letters, and the text is compared as it is. */
    private static String origin(String text) {
        if (text.matches("\\*|[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[1-9]\\d{0,4})?")
                && !text.matches("http:.*:80|https:.*:443")) {
            return text;
        }
        throw new IllegalArgumentException(
                "must be *, or origins such as https://app.example.com, in small letters, without a path or the default port: "
                        + text);
    }

    boolean isPreflight(HttpRequest request) {
        return !origins.isEmpty()
                && request.method().equals("OPTIONS")
                && request.header("access-control-request-method").isPresent();
    }

    HttpResponse preflight(String method) {
        return HttpResponse.empty(204)
                .with("access-control-allow-methods", method)
                .with("access-control-allow-headers", String.join(",", ALLOWED))
                .with("access-control-max-age", "3600");
    }

    HttpResponse on(HttpRequest request, HttpResponse response) {
        boolean all = origins.contains("*");
        var varying = origins.isEmpty() || all ? response : response.with("vary", "Origin");
        return request.header("origin")
                .filter(origin -> all || origins.contains(origin))
                .map(origin -> varying.with("access-control-allow-origin", all ? "*" : origin)
                        .with("access-control-expose-headers", String.join(",", EXPOSED)))
                .orElse(varying);
    }
}
