package history.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as a function behind an HTTP API gets it, payload 2.0.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">its fields</a>
 */
record Event(
        Route route,
        Map<String, String> pathParameters,
        String method,
        URI uri,
        Headers headers,
        InetSocketAddress client,
        String body,
        boolean isBase64Encoded,
        String requestId) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final List<String> TEXTS =
            List.of("text/", "application/json", "application/xml", "application/javascript");

    static Event of(
            HttpExchange exchange, Route route, Map<String, String> pathParameters, byte[] body, String requestId) {
        var text = new String(body, StandardCharsets.UTF_8);
        // What is no UTF-8 would be changed on its way.
        var isText = isText(exchange.getRequestHeaders().getFirst("Content-Type"))
                && Arrays.equals(text.getBytes(StandardCharsets.UTF_8), body);
        return new Event(
                route,
                pathParameters,
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                exchange.getRequestHeaders(),
                exchange.getRemoteAddress(),
                isText ? text : Base64.getEncoder().encodeToString(body),
                !isText && body.length > 0,
                requestId);
    }

    private static boolean isText(@Nullable String contentType) {
        return contentType != null && TEXTS.stream().anyMatch(contentType.toLowerCase(Locale.ROOT)::startsWith);
    }

    byte[] json(Front front) {
        var event = new LinkedHashMap<String, Object>();
        event.put("version", "2.0");
        event.put("routeKey", route.key());
        event.put("rawPath", path());
        event.put("rawQueryString", uri.getRawQuery() == null ? "" : uri.getRawQuery());
        var cookies = headers.get("Cookie");
        if (cookies != null) {
            event.put(
                    "cookies",
                    cookies.stream()
                            .flatMap(all -> List.of(all.split("; *", -1)).stream())
                            .toList());
        }
        event.put("headers", lowerCaseHeaders());
        if (uri.getRawQuery() != null) {
            event.put("queryStringParameters", query(uri.getRawQuery()));
        }
        if (!pathParameters.isEmpty()) {
            event.put("pathParameters", pathParameters);
        }
        event.put("requestContext", requestContext());
        if (!body.isEmpty()) {
            event.put("body", body);
        }
        event.put("isBase64Encoded", isBase64Encoded);
        try {
            return JSON.writeValueAsBytes(front.event(event, uri.getRawPath()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String path() {
        return Route.decoded(uri.getRawPath());
    }

    private Map<String, String> lowerCaseHeaders() {
        var all = new LinkedHashMap<String, String>();
        headers.forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Cookie")) {
                all.put(name.toLowerCase(Locale.ROOT), String.join(",", values));
            }
        });
        all.put("x-forwarded-for", client.getAddress().getHostAddress());
        all.put("x-forwarded-proto", "http");
        return all;
    }

    private static Map<String, String> query(String raw) {
        var parameters = new LinkedHashMap<String, String>();
        for (var pair : raw.split("&", -1)) {
            if (!pair.isEmpty()) {
                var parts = pair.split("=", 2);
                var value = parts.length == 2 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "";
                parameters.merge(
                        URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                        value,
                        (first, next) -> first + "," + next);
            }
        }
        return parameters;
    }

    private Map<String, Object> requestContext() {
        var now = Instant.now();
        var host = firstOr("Host", "localhost");
        var http = new LinkedHashMap<String, String>();
        http.put("method", method);
        http.put("path", path());
        http.put("protocol", "HTTP/1.1");
        http.put("sourceIp", client.getAddress().getHostAddress());
        http.put("userAgent", firstOr("User-Agent", ""));
        var context = new LinkedHashMap<String, Object>();
        context.put("accountId", "123456789012");
        context.put("apiId", "local");
        context.put("domainName", host);
        context.put("domainPrefix", host.split("[.:]", 2)[0]);
        context.put("http", http);
        context.put("requestId", requestId);
        context.put("routeKey", route.key());
        context.put("stage", "$default");
        context.put("time", TIME.format(now));
        context.put("timeEpoch", now.toEpochMilli());
        return context;
    }

    private String firstOr(String name, String otherwise) {
        var value = headers.getFirst(name);
        return value == null ? otherwise : value;
    }
}
