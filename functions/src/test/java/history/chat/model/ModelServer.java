package history.chat.model;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP server on a real socket that does what a test wants byte by byte: stalls, drips, breaks off, and sees whether its
 * client hangs up.
 */
public final class ModelServer implements AutoCloseable {

    /** What is written after the request has been read; returning closes the connection. */
    public interface Reply {
        void write(OutputStream out, ModelServer server) throws IOException;
    }

    public record Request(String method, String target, Map<String, String> headers, String body) {}

    private final ServerSocket socket;
    private final Queue<Reply> replies;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch hangUp = new CountDownLatch(1);

    /** One reply a connection, the last one for ever after. */
    public ModelServer(Reply... replies) {
        this.replies = new ConcurrentLinkedQueue<>(List.of(replies));
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    /** A whole streamed answer whose end is the end of the connection. */
    public static Reply streams(String... pieces) {
        return (out, server) -> {
            head(out, 200, "text/event-stream; charset=utf-8");
            for (var piece : pieces) {
                send(out, piece);
            }
        };
    }

    public static Reply answers(int status, String headers, String body) {
        return (out, server) -> send(
                out,
                "HTTP/1.1 " + status + " x\r\n" + headers + "content-length: "
                        + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
    }

    public static void head(OutputStream out, int status, String contentType) throws IOException {
        send(out, "HTTP/1.1 " + status + " x\r\ncontent-type: " + contentType + "\r\nconnection: close\r\n\r\n");
    }

    public static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/v1");
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Keeps a connection open until the test is over. */
    public void stall() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean sawHangUp() throws InterruptedException {
        return hangUp.await(5, TimeUnit.SECONDS);
    }

    private void accept() {
        try {
            while (true) {
                var client = socket.accept();
                Thread.startVirtualThread(() -> serve(client));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            var in = new BufferedInputStream(client.getInputStream());
            requests.add(request(in));
            Thread.startVirtualThread(() -> watch(in));
            var reply = replies.size() > 1 ? replies.remove() : replies.element();
            reply.write(client.getOutputStream(), this);
        } catch (IOException e) {
            hangUp.countDown();
        }
    }

    private void watch(InputStream in) {
        try {
            if (in.read() < 0) {
                hangUp.countDown();
            }
        } catch (IOException e) {
            hangUp.countDown();
        }
    }

    private static Request request(InputStream in) throws IOException {
        var start = line(in).split(" ", -1);
        var headers = new TreeMap<String, String>();
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            var colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        var length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Request(start[0], start[1], headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("no request");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        socket.close();
    }
}
