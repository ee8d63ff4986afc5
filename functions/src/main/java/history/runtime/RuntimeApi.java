package history.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP interface between Lambda and the process that serves its events:
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html.
 *
 * <p>Each request has a connection of its own, so none is in a snapshot.
 */
record RuntimeApi(String address) {
    static final String ROOT = "/2018-06-01/runtime/";
    static final String AGENT = "conversation-history";

    /** An event, and when Lambda ends the process if it is not answered. */
    record Invocation(String id, Instant deadline, @Nullable String trace, InputStream event) {}

    /** @param json may reach a caller, so it has nothing that is only for the log */
    record Failed(String type, String json) {}

    static Failed error(Throwable failure, String message) {
        String type = failure.getClass().getName();
        var quoted = new String(JsonStringEncoder.getInstance().quoteAsString(message));
        return new Failed(type, "{\"errorMessage\":\"%s\",\"errorType\":\"%s\"}".formatted(quoted, type));
    }

    /** Waits for the next event as long as it takes. */
    Invocation next() throws IOException {
        var next = connect("invocation/next");
        var event = new ByteArrayInputStream(next.getInputStream().readAllBytes());
        return new Invocation(
                next.getHeaderField("Lambda-Runtime-Aws-Request-Id"),
                Instant.ofEpochMilli(next.getHeaderFieldLong("Lambda-Runtime-Deadline-Ms", 0)),
                next.getHeaderField("Lambda-Runtime-Trace-Id"),
                event);
    }

    /** Returns in a copy of the snapshot. */
    void restored() throws IOException {
        connect("restore/next").getInputStream().readAllBytes();
    }

    void report(String path, Failed failed) throws IOException {
        var report = connect(path);
        report.setDoOutput(true);
        report.setRequestProperty("Content-Type", "application/vnd.aws.lambda.error+json");
        report.setRequestProperty("Lambda-Runtime-Function-Error-Type", failed.type());
        report.getOutputStream().write(failed.json().getBytes(UTF_8));
        check(report.getResponseCode());
    }

    /** The interface's own words: after a server error the runtime should exit promptly. */
    static void check(int status) throws IOException {
        if (status >= 500) {
            throw new IOException("the Runtime API answered " + status);
        }
        if (status >= 300) {
            System.getLogger(RuntimeApi.class.getName())
                    .log(System.Logger.Level.ERROR, "the Runtime API answered " + status);
        }
    }

    private HttpURLConnection connect(String path) throws IOException {
        var url = URI.create("http://" + address + ROOT + path).toURL();
        var connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
        connection.setRequestProperty("Connection", "close");
        connection.setRequestProperty("User-Agent", AGENT);
        return connection;
    }

    /** For an answer with trailers, which no HTTP client of the JDK sends. */
    Socket open() throws IOException {
        int colon = address.lastIndexOf(':');
        var socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        socket.setTcpNoDelay(true);
        return socket;
    }
}
