package history.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path of the local run's own, under {@code /local}: JSON in, JSON out.
 *
 * <p>Only programs and pages of this machine are answered: whoever has a token has the data.
 */
final class LocalEndpoint implements HttpHandler {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LOCAL_HOST = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");
    private static final int BODY_LIMIT = 1_000_000;

    private final Map<String, Answering> methods;

    /** Takes what answers each method. */
    LocalEndpoint(Map<String, Answering> methods) {
        this.methods = new TreeMap<>(methods);
    }

    /** What is done with a body; an {@link IllegalArgumentException} says what is wrong with it. */
    @FunctionalInterface
    interface Answering {
        /** Takes an object, empty where there was no body. */
        Reply answer(JsonNode body) throws IOException, SQLException;
    }

    /** What is answered. */
    record Reply(int status, String type, Object json) {
        static Reply ok(Object json) {
            return new Reply(200, "application/json", json);
        }

        static Reply problem(int status, @Nullable String detail) {
            return new Reply(
                    status, "application/problem+json", Map.of("status", status, "detail", String.valueOf(detail)));
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var origin = exchange.getRequestHeaders().getFirst("Origin");
            if (origin != null) {
                exchange.getResponseHeaders().set("Access-Control-Allow-Origin", origin);
                exchange.getResponseHeaders().set("Access-Control-Allow-Headers", "Content-Type");
                exchange.getResponseHeaders().set("Vary", "Origin");
            }
            var method = methods.get(exchange.getRequestMethod());
            if (!isLocal(exchange.getRequestHeaders().getFirst("Host"))
                    || (origin != null && !isLocal(origin.replaceFirst("^https?://", "")))) {
                exchange.getResponseHeaders().clear();
                send(exchange, Reply.problem(403, "Only pages of this machine: http://localhost or http://127.0.0.1."));
            } else if (exchange.getRequestMethod().equals("OPTIONS")) {
                exchange.sendResponseHeaders(204, -1);
            } else if (method == null) {
                exchange.getResponseHeaders().set("Allow", String.join(", ", methods.keySet()));
                send(exchange, Reply.problem(405, "Use " + String.join(" or ", methods.keySet()) + "."));
            } else {
                send(exchange, answer(method, exchange));
            }
        }
    }

    private static boolean isLocal(@Nullable String host) {
        return host != null && LOCAL_HOST.matcher(host).matches();
    }

    private static Reply answer(Answering method, HttpExchange exchange) throws IOException {
        try {
            var body = JSON.readTree(exchange.getRequestBody().readNBytes(BODY_LIMIT));
            if (!body.isObject() && !body.isMissingNode()) {
                throw new IllegalArgumentException("The body must be a JSON object.");
            }
            return method.answer(body.isObject() ? body : JSON.createObjectNode());
        } catch (JsonProcessingException e) {
            return Reply.problem(400, "The body is not JSON.");
        } catch (IllegalArgumentException e) {
            return Reply.problem(422, e.getMessage());
        } catch (SQLException e) {
            var isValue = String.valueOf(e.getSQLState()).startsWith("22");
            return Reply.problem(isValue ? 422 : 503, "The database refuses: " + e.getMessage());
        }
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        var bytes = JSON.writeValueAsBytes(reply.json());
        exchange.getResponseHeaders().set("Content-Type", reply.type());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(reply.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
