package history.local;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** What stands before the functions, and how it hands a call over: what is in the URL before a route's path, and in the event. */
enum Front {
    HTTP_API("", event -> event),
    HTTP_API_WITH_STAGE("/dev", event -> with(event, "stage", "dev")),
    HTTP_API_WITH_BASE_PATH("/api/conversations/v1", event -> with(event, "stage", "dev")),
    HTTP_API_OF_PAYLOAD_1("/dev", event -> payload1(event, "/dev", true)),
    REST_API_WITH_STAGE("/prod", event -> payload1(event, "/prod", false)),
    REST_API_WITH_BASE_PATH("/api/chat-history", event -> payload1(event, "", false)),
    FUNCTION_URL("", Front::functionUrl),
    FUNCTION_URL_BEHIND_A_PREFIX("/twice//over", Front::functionUrl),
    LOAD_BALANCER("", Front::loadBalancer);

    private final String prefix;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final UnaryOperator<Map<String, Object>> event;

    Front(String prefix, UnaryOperator<Map<String, Object>> event) {
        this.prefix = prefix;
        this.event = event;
    }

    String prefix() {
        return prefix;
    }

    /** The event of an HTTP API in payload 2.0, which has all there is to know, as this one would make it. */
    Map<String, Object> event(Map<String, Object> payload2, String rawPath) {
        var event = new LinkedHashMap<>(payload2);
        event.put("called", rawPath);
        var made = this.event.apply(event);
        made.remove("called");
        return made;
    }

    private static Map<String, Object> with(Map<String, Object> event, String name, Object value) {
        var context = context(event);
        context.put(name, value);
        event.put("requestContext", context);
        return event;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> context(Map<String, Object> event) {
        return new LinkedHashMap<>((Map<String, Object>) event.get("requestContext"));
    }

    private static Map<String, Object> functionUrl(Map<String, Object> event) {
        event.put("routeKey", "$default");
        event.put("rawPath", event.get("called"));
        event.remove("pathParameters");
        return with(event, "domainName", "abc.lambda-url.eu-central-1.on.aws");
    }

    /** It decodes nothing. */
    private static Map<String, Object> loadBalancer(Map<String, Object> event) {
        var made = payload1(event, "", false);
        made.put("requestContext", Map.of("elb", Map.of("targetGroupArn", "arn")));
        var raw = new LinkedHashMap<String, Object>();
        for (var pair : String.valueOf(event.get("rawQueryString")).split("&", -1)) {
            if (!pair.isEmpty()) {
                raw.put(pair.split("=", 2)[0], pair.contains("=") ? pair.split("=", 2)[1] : "");
            }
        }
        made.put("queryStringParameters", raw);
        List.of("multiValueHeaders", "multiValueQueryStringParameters", "pathParameters", "resource")
                .forEach(made::remove);
        return made;
    }

    private static Map<String, Object> payload1(Map<String, Object> event, String stage, boolean isHttpApi) {
        var made = new LinkedHashMap<String, Object>();
        var called = String.valueOf(event.get("called"));
        if (isHttpApi) {
            made.put("version", "1.0");
            called = Route.decoded(called);
        }
        var context = context(event);
        var http = (Map<?, ?>) Objects.requireNonNull(context.remove("http"));
        made.put("resource", String.valueOf(event.get("routeKey")).split(" ", 2)[1]);
        made.put("path", isHttpApi ? called : called.substring(stage.length()));
        made.put("httpMethod", http.get("method"));
        made.put("headers", event.get("headers"));
        made.put("multiValueHeaders", lines(Objects.requireNonNull(event.get("headers"))));
        made.put("queryStringParameters", event.get("queryStringParameters"));
        made.put("pathParameters", isHttpApi ? event.get("pathParameters") : asCalled(event, called));
        context.put("path", called);
        context.put("stage", stage.isEmpty() ? "live" : stage.substring(1));
        made.put("requestContext", context);
        made.put("body", event.get("body"));
        made.put("isBase64Encoded", event.get("isBase64Encoded"));
        return made;
    }

    /** A REST API decodes none. */
    private static Map<String, String> asCalled(Map<String, Object> event, String called) {
        var route = String.valueOf(event.get("routeKey")).split("[ /]+", -1);
        var path = called.split("/", -1);
        var parameters = new LinkedHashMap<String, String>();
        for (var i = 1; i < route.length; i++) {
            if (route[i].startsWith("{")) {
                parameters.put(route[i].substring(1, route[i].length() - 1), path[path.length - route.length + i]);
            }
        }
        return parameters;
    }

    private static Map<String, Object> lines(Object headers) {
        var lines = new LinkedHashMap<String, Object>();
        ((Map<?, ?>) headers)
                .forEach((name, value) -> lines.put(String.valueOf(name), new ArrayList<>(List.of(value))));
        return lines;
    }
}
