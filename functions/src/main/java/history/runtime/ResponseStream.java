package history.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import history.http.Streaming;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * An answer that leaves with each flush, as chunks of one POST; before the first a failure can still take its place:
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming.
 */
final class ResponseStream extends ByteArrayOutputStream implements Streaming {
    private final RuntimeApi api;
    private final String requestId;
    private @Nullable Socket socket;

    ResponseStream(RuntimeApi api, String requestId) {
        this.api = api;
        this.requestId = requestId;
    }

    /** Goes alone: a gateway wants all of it, and the delimiter of eight zeros, at once. */
    @Override
    public void prelude(byte[] json) throws IOException {
        write(json);
        write(new byte[8]);
        flush();
    }

    boolean hasBegun() {
        return socket != null;
    }

    @Override
    public void flush() throws IOException {
        if (size() > 0) {
            var framed = new ByteArrayOutputStream(size() + 16);
            framed.writeBytes((Integer.toHexString(size()) + "\r\n").getBytes(ISO_8859_1));
            writeTo(framed);
            framed.writeBytes("\r\n".getBytes(ISO_8859_1));
            reset();
            framed.writeTo(begun().getOutputStream());
        }
    }

    private Socket begun() throws IOException {
        if (socket == null) {
            socket = api.open();
            String head = "POST " + RuntimeApi.ROOT + "invocation/" + requestId + "/response HTTP/1.1\r\nHost: "
                    + api.address() + "\r\nUser-Agent: " + RuntimeApi.AGENT + "\r\nConnection: close\r\n"
                    + "Content-Type: application/vnd.awslambda.http-integration-response\r\n"
                    + "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n"
                    + "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(ISO_8859_1));
        }
        return socket;
    }

    /** A reader that has gone is no failure: the work is done. */
    void end(RuntimeApi.@Nullable Failed failed) throws IOException {
        String status;
        try (var open = begun()) {
            flush();
            // In base64, because a line end in it would end the trailer.
            String trailers = failed == null
                    ? ""
                    : "Lambda-Runtime-Function-Error-Type: " + failed.type()
                            + "\r\nLambda-Runtime-Function-Error-Body: "
                            + Base64.getEncoder().encodeToString(failed.json().getBytes(UTF_8)) + "\r\n";
            open.getOutputStream().write(("0\r\n" + trailers + "\r\n").getBytes(ISO_8859_1));
            status = new String(open.getInputStream().readNBytes("HTTP/1.1 202".length()), ISO_8859_1);
        } catch (IOException gone) {
            return;
        }
        if (!status.isEmpty()) {
            RuntimeApi.check(Integer.parseInt(status.substring(status.indexOf(' ') + 1)));
        }
    }
}
