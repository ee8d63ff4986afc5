package history.chat;

import static history.chat.UserMessages.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import history.chat.model.ScriptedModel;
import history.chat.model.ScriptedModel.Script;
import history.local.Gateway;
import history.local.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A proxy that compresses, as that of a page's own server does, holds a stream back until its end unless it may not transform it. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class CompressingProxyTest {
    private static HttpServer proxy(int port) throws IOException {
        var proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        var client = HttpClient.newHttpClient();
        proxy.createContext("/", exchange -> {
            try (exchange) {
                var answer = client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + exchange.getRequestURI()))
                                .header("Content-Type", "application/json")
                                .header(
                                        "Authorization",
                                        exchange.getRequestHeaders().getFirst("Authorization"))
                                .POST(HttpRequest.BodyPublishers.ofByteArray(
                                        exchange.getRequestBody().readAllBytes()))
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
                boolean compresses =
                        !answer.headers().firstValue("cache-control").orElse("").contains("no-transform");
                exchange.getResponseHeaders().set("content-type", "text/event-stream");
                if (compresses) {
                    exchange.getResponseHeaders().set("content-encoding", "gzip");
                }
                exchange.sendResponseHeaders(answer.statusCode(), 0);
                OutputStream out = exchange.getResponseBody();
                pass(answer.body(), compresses ? new GZIPOutputStream(out) : out);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        proxy.start();
        return proxy;
    }

    private static void pass(InputStream in, OutputStream out) throws IOException {
        try (out) {
            var buffer = new byte[8192];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                out.flush();
            }
        }
    }

    @Test
    void aStreamArrivesPieceByPiece() throws Exception {
        var more = new CountDownLatch(1);
        var model = new ScriptedModel(Script.says("Hel").thenWaitsFor(more).thenSays("lo"));
        try (var chats = Chats.with(Map.of(), model);
                var gateway = Gateway.bind(0)) {
            gateway.start(Template.read(Path.of("..", "template.yaml")), chats::handler, Map.of());
            var proxy = proxy(gateway.port());
            var request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + proxy.getAddress().getPort() + "/api/chat"))
                    .header("Authorization", String.valueOf(chats.ada().bearer()))
                    .POST(HttpRequest.BodyPublishers.ofString(submit("fxdiMJBq7aYLXZRi", "m1", "Hi")))
                    .build();
            try (var client = HttpClient.newHttpClient()) {
                var answer = client.send(request, HttpResponse.BodyHandlers.ofLines());
                var lines = answer.body().iterator();
                while (!lines.next().contains("\"Hel\"")) {
                    // The rest of the beginning; with a proxy that holds it back this never ends.
                }
                more.countDown();
                String last = "";
                while (lines.hasNext()) {
                    String line = lines.next();
                    last = line.isEmpty() ? last : line;
                }
                assertEquals("data: [DONE]", last);
                assertTrue(answer.headers().firstValue("content-encoding").isEmpty());
            } finally {
                proxy.stop(0);
            }
        }
    }
}
