package history.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Plays Lambda's Runtime API on real sockets: hands out one event after the other, and shows what is said in reply as it arrives,
 * chunk by chunk, to a test that may read slowly or hang up.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">the Runtime API</a>
 */
public final class RuntimeApi implements AutoCloseable {
    private static final String ROOT = "/2018-06-01/runtime/";
    private static final String END = "\u0000end";
    private static final long PATIENCE_SECONDS = 60;

    /** An event, under the name that Lambda gives it. */
    record Event(String id, String json, @Nullable String trace) {}

    /** Is asked before each chunk is read; what it throws cuts the connection. */
    @FunctionalInterface
    interface Reader {
        void read(int chunk) throws IOException;
    }

    /** A request of the process. */
    static final class Said {
        private final String path;
        private final Map<String, String> headers;
        private final BlockingQueue<String> chunks = new LinkedBlockingQueue<>();
        private final Map<String, String> trailers = new TreeMap<>();

        private Said(String path, Map<String, String> headers) {
            this.path = path;
            this.headers = headers;
        }

        String path() {
            return path;
        }

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }

        /** The next chunk, as soon as it is there. */
        String chunk() throws InterruptedException {
            return requireNonNull(chunks.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "nothing more arrived at " + path);
        }

        /** All that has not been taken, once the request has ended. */
        List<String> rest() throws InterruptedException {
            var rest = new ArrayList<String>();
            for (String chunk = chunk(); !chunk.equals(END); chunk = chunk()) {
                rest.add(chunk);
            }
            return rest;
        }

        /** Those behind the end. */
        Map<String, String> trailers() {
            return trailers;
        }
    }

    private final ServerSocket server;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Said> said = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> restores = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> asksForRestore = new LinkedBlockingQueue<>();
    private volatile Reader reader = chunk -> {};
    private volatile long limitMillis = 30_000;
    private volatile int status = 202;

    public RuntimeApi() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** How long a function has for an event. */
    void limit(Duration another) {
        limitMillis = another.toMillis();
    }

    void reader(Reader another) {
        reader = another;
    }

    /** What it answers from now on to what is said. */
    void status(int another) {
        status = another;
    }

    void offer(Event event) {
        events.add(event);
    }

    Said said() throws InterruptedException {
        return requireNonNull(said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "the process said nothing");
    }

    /** What the function answers to an event, when it is whole. */
    public String invoke(String event) throws InterruptedException {
        offer(new Event("8476a536-e9f4-11e8-9739-2dfe598c3fcd", event, null));
        var answer = said();
        String text = String.join("", answer.rest());
        return answer.path().endsWith("/response") ? text : "error at " + answer.path() + ": " + text;
    }

    /** Returns when the process waits for its snapshot to be restored. */
    public void snapshot() throws InterruptedException {
        requireNonNull(asksForRestore.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "no snapshot");
    }

    public void restore() {
        restores.add("");
    }

    private void accept() {
        try {
            while (true) {
                var client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            var in = new BufferedInputStream(client.getInputStream());
            boolean goesOn = true;
            while (goesOn) {
                goesOn = serve(client, in);
            }
        } catch (IOException | InterruptedException gone) {
            // The process has ended, or the test has.
        }
    }

    private boolean serve(Socket client, InputStream in) throws IOException, InterruptedException {
        String path = line(in).split(" ", -1)[1].substring(ROOT.length());
        var headers = headers(in);
        switch (path) {
            case "invocation/next" -> answer(client, events.take());
            case "restore/next" -> {
                asksForRestore.add(path);
                restores.take();
                answer(client, 200, "", "");
            }
            default -> {
                var request = new Said(path, headers);
                int now = status;
                said.add(request);
                read(client, in, request);
                answer(client, now, "", "{\"status\":\"OK\"}\n");
            }
        }
        return !headers.getOrDefault("connection", "").equals("close");
    }

    private void answer(Socket client, Event event) throws IOException {
        String trace = event.trace() == null ? "" : "Lambda-Runtime-Trace-Id: " + event.trace() + "\r\n";
        answer(
                client,
                200,
                "Lambda-Runtime-Aws-Request-Id: " + event.id() + "\r\n" + trace + "Lambda-Runtime-Deadline-Ms: "
                        + (System.currentTimeMillis() + limitMillis) + "\r\nLambda-Runtime-Invoked-Function-Arn: "
                        + "arn:aws:lambda:eu-central-1:123456789012:function:history\r\n",
                event.json());
    }

    private static void answer(Socket client, int status, String headers, String body) throws IOException {
        var head = "HTTP/1.1 " + status + " x\r\nContent-Type: application/json\r\n" + headers + "Content-Length: "
                + body.getBytes(UTF_8).length;
        client.getOutputStream().write((head + "\r\n\r\n" + body).getBytes(UTF_8));
    }

    private void read(Socket client, InputStream in, Said request) throws IOException {
        if (!request.header("transfer-encoding").equals("chunked")) {
            int length = Integer.parseInt(request.header("content-length"));
            request.chunks.add(new String(in.readNBytes(length), UTF_8));
        } else {
            try {
                readChunks(in, request);
            } catch (IOException cut) {
                client.setSoLinger(true, 0); // a reset, as of a machine that has gone
                throw cut;
            }
        }
        request.chunks.add(END);
    }

    private void readChunks(InputStream in, Said request) throws IOException {
        for (int chunk = 0; ; chunk++) {
            reader.read(chunk);
            int size = Integer.parseInt(line(in), 16);
            if (size == 0) {
                request.trailers.putAll(headers(in));
                return;
            }
            request.chunks.add(new String(in.readNBytes(size), UTF_8));
            if (!line(in).isEmpty()) {
                throw new IOException("a chunk is longer than it says");
            }
        }
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        var headers = new TreeMap<String, String>();
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(UTF_8);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
