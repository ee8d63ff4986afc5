package history.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A function's answer on its way to the client: events as they come, anything else whole.
 *
 * <p>A client that has gone away is not an error: the function goes on, as it does behind the real gateway.
 */
final class Answer implements Envelope.Target {
    private final HttpExchange exchange;
    private final Cors cors;
    private final ByteArrayOutputStream whole = new ByteArrayOutputStream();
    private @Nullable JsonNode head;
    private boolean trickles;
    private boolean clientIsGone;

    Answer(HttpExchange exchange, Cors cors) {
        this.exchange = exchange;
        this.cors = cors;
    }

    @Override
    public void head(JsonNode answer) {
        head = answer;
        var headers = exchange.getResponseHeaders();
        answer.path("headers")
                .properties()
                .forEach(
                        header -> headers.set(header.getKey(), header.getValue().asText()));
        answer.path("cookies").forEach(cookie -> headers.add("Set-Cookie", cookie.asText()));
        headers.remove("Content-Length");
        cors.answer(exchange.getRequestHeaders().getFirst("Origin"), headers);
        var type = headers.getFirst("Content-Type");
        trickles = type != null && type.startsWith("text/event-stream");
        if (trickles) {
            toClient(
                    () -> exchange.sendResponseHeaders(answer.path("statusCode").asInt(), 0));
        }
    }

    @Override
    public void body(byte[] bytes) {
        if (trickles) {
            toClient(() -> exchange.getResponseBody().write(bytes));
        } else {
            whole.writeBytes(bytes);
        }
    }

    @Override
    public void flush() {
        if (trickles) {
            toClient(() -> exchange.getResponseBody().flush());
        }
    }

    /** Whether it is too late for another answer. */
    boolean hasStarted() {
        return trickles;
    }

    void finish() {
        if (head == null) {
            throw new IllegalStateException("no answer to finish");
        }
        if (!trickles) {
            send(head.path("statusCode").asInt(), bytes(head));
        }
    }

    private byte[] bytes(JsonNode answered) {
        return answered.path("isBase64Encoded").asBoolean()
                ? Base64.getDecoder().decode(whole.toByteArray())
                : whole.toByteArray();
    }

    /** In the gateway's own words. */
    void fail(int status, String message) {
        var headers = exchange.getResponseHeaders();
        headers.keySet().removeIf(name -> !name.equalsIgnoreCase("apigw-requestid"));
        headers.set("Content-Type", "application/json");
        cors.answer(exchange.getRequestHeaders().getFirst("Origin"), headers);
        send(status, "{\"message\":\"%s\"}".formatted(message).getBytes(StandardCharsets.UTF_8));
    }

    void send(int status, byte[] bytes) {
        var hasBody = bytes.length > 0
                && status != 204
                && status != 304
                && !exchange.getRequestMethod().equals("HEAD");
        toClient(() -> {
            exchange.sendResponseHeaders(status, hasBody ? bytes.length : -1);
            if (hasBody) {
                exchange.getResponseBody().write(bytes);
            }
        });
    }

    private void toClient(Writing writing) {
        if (!clientIsGone) {
            try {
                writing.write();
            } catch (IOException e) {
                clientIsGone = true;
            }
        }
    }

    /** Something that fails once the client has gone. */
    private interface Writing {
        void write() throws IOException;
    }
}
