package history.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** An OpenAI-compatible model that says what a test tells it to, when it tells it to. */
final class TalkingModel implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final Map<String, Answering> answers = new ConcurrentHashMap<>();

    /** How a question is answered. */
    interface Answering {
        void answer(Talk talk) throws IOException, InterruptedException;
    }

    /** What is said so far. */
    static final class Talk {
        private final HttpExchange exchange;
        private boolean begun;

        private Talk(HttpExchange exchange) {
            this.exchange = exchange;
        }

        /** Pieces of the answer, each by itself. */
        Talk say(String... pieces) throws IOException {
            if (!begun) {
                begun = true;
                exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                exchange.sendResponseHeaders(200, 0);
            }
            for (var piece : pieces) {
                event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":%s}}]}"
                        .formatted(JSON.writeValueAsString(piece)));
            }
            return this;
        }

        private void end() throws IOException {
            say();
            event("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
            event("[DONE]");
        }

        private void event(String data) throws IOException {
            exchange.getResponseBody().write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
        }

        /** In the place of an answer. */
        void refuse(int status) throws IOException {
            begun = true;
            exchange.sendResponseHeaders(status, -1);
            throw new IOException("refused");
        }
    }

    TalkingModel() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    /** What makes the local run ask it. */
    Map<String, String> environment() {
        var url = "http://127.0.0.1:%d/v1".formatted(server.getAddress().getPort());
        return Map.of("CHAT_PROVIDER", "openai", "CHAT_MODEL", "talking", "CHAT_BASE_URL", url);
    }

    /** A question that is not told of is answered with {@code Answer to: …}. */
    void on(String question, Answering answering) {
        answers.put(question, answering);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var messages = JSON.readTree(exchange.getRequestBody()).path("messages");
            var question = messages.path(messages.size() - 1).path("content").asText();
            var talk = new Talk(exchange);
            answers.getOrDefault(question, it -> it.say("Answer ", "to: ", question))
                    .answer(talk);
            talk.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
