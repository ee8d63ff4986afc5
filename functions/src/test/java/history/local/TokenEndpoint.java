package history.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code POST /local/token}: who you like, in the tenant you like. What is missing of user, tenant and membership is made.
 *
 * <p>Only programs and pages of this machine are answered: whoever has a token has the data.
 */
final class TokenEndpoint implements HttpHandler {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LOCAL_HOST = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");
    private static final Set<String> FIELDS = Set.of("email", "tenant", "role");
    private static final Set<String> ROLES = Set.of("admin", "user", "viewer");
    private static final int BODY_LIMIT = 10_000;

    private final Members members;
    private final SigningKey key;

    TokenEndpoint(Members members, SigningKey key) {
        this.members = members;
        this.key = key;
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
            if (!isLocal(exchange.getRequestHeaders().getFirst("Host"))
                    || (origin != null && !isLocal(origin.replaceFirst("^https?://", "")))) {
                exchange.getResponseHeaders().clear();
                refuse(
                        exchange,
                        403,
                        "Only pages of this machine get tokens: use http://localhost or http://127.0.0.1.");
            } else if (exchange.getRequestMethod().equals("OPTIONS")) {
                exchange.sendResponseHeaders(204, -1);
            } else if (!exchange.getRequestMethod().equals("POST")) {
                exchange.getResponseHeaders().set("Allow", "POST");
                refuse(exchange, 405, "POST a JSON object: {\"email\": …, \"tenant\": …, \"role\": …}.");
            } else {
                answer(exchange);
            }
        }
    }

    private static boolean isLocal(String host) {
        return LOCAL_HOST.matcher(host).matches();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try {
            var body = JSON.readTree(exchange.getRequestBody().readNBytes(BODY_LIMIT));
            requireObject(body);
            var email = text(body, "email", "ada@example.com", "[^@\\s]+@[^@\\s]+", 255);
            var tenant = text(body, "tenant", "demo", "[A-Za-z0-9][A-Za-z0-9-]*", 100);
            var role = text(body, "role", "user", String.join("|", ROLES), 10);
            send(exchange, 200, "application/json", token(members.member(email, tenant, role), email));
        } catch (JsonProcessingException e) {
            refuse(exchange, 400, "The body is not JSON.");
        } catch (IllegalArgumentException e) {
            refuse(exchange, 422, String.valueOf(e.getMessage()));
        } catch (Members.Taken e) {
            refuse(exchange, 409, String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            refuse(exchange, 503, "The database refuses: " + e.getMessage());
        }
    }

    private Map<String, Object> token(Members.Member member, String email) {
        var token = new LinkedHashMap<String, Object>();
        token.put("access_token", key.token(member.userId(), email, member.tenantId()));
        token.put("token_type", "bearer");
        token.put("expires_in", SigningKey.SECONDS);
        token.put("user_id", member.userId().toString());
        token.put("tenant_id", member.tenantId().toString());
        return token;
    }

    private static void requireObject(JsonNode body) {
        if (!body.isObject() && !body.isMissingNode()) {
            throw new IllegalArgumentException("The body must be a JSON object.");
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw new IllegalArgumentException(
                        "Unknown field %s: email, tenant and role are known.".formatted(name));
            }
        });
    }

    private static String text(JsonNode body, String name, String otherwise, String pattern, int limit) {
        var value = body.path(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isTextual()
                || value.asText().length() > limit
                || !value.asText().matches(pattern)) {
            throw new IllegalArgumentException("%s must be like \"%s\" (%s).".formatted(name, otherwise, pattern));
        }
        return value.asText();
    }

    private static void refuse(HttpExchange exchange, int status, String detail) throws IOException {
        send(exchange, status, "application/problem+json", Map.of("status", status, "detail", detail));
    }

    private static void send(HttpExchange exchange, int status, String type, Map<String, Object> json)
            throws IOException {
        var bytes = JSON.writeValueAsBytes(json);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
