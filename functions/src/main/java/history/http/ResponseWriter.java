package history.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import history.text.JsonText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer piece by piece: to a {@link Streaming} output as it is, to any other as the JSON a gateway expects, the body
 * last.
 *
 * <p>A runtime that buffers sends it when it is whole; one that streams can pass it on as it comes about.
 */
final class ResponseWriter {
    private static final System.Logger LOG = System.getLogger(ResponseWriter.class.getName());

    /** Of the body and of what is around it. */
    private static final String END = "\"}";

    private final OutputStream output;
    private final @Nullable Streaming streaming;
    private boolean readerGone;

    ResponseWriter(OutputStream output) {
        this.output = output;
        this.streaming = output instanceof Streaming isOne ? isOne : null;
    }

    void write(HttpResponse response) throws IOException {
        begin(response);
        switch (response.body()) {
            case HttpResponse.Body.Text text -> raw(encoded(text.text()));
            case HttpResponse.Body.Stream stream -> {
                flush();
                stream(stream.source());
            }
        }
        if (streaming == null) {
            raw(END.getBytes(StandardCharsets.UTF_8));
        }
        flush();
    }

    private void begin(HttpResponse response) throws IOException {
        byte[] head = head(response, streaming == null);
        if (streaming == null) {
            raw(head);
            return;
        }
        try {
            streaming.prelude(head);
        } catch (IOException gone) {
            readerGone();
        }
    }

    private static byte[] head(HttpResponse response, boolean isEnvelope) {
        String head = JsonText.object(json -> {
            json.writeNumberField("statusCode", response.status());
            json.writeObjectFieldStart("headers");
            for (var header : response.headers().entrySet()) {
                json.writeStringField(header.getKey(), header.getValue());
            }
            json.writeEndObject();
            if (isEnvelope) {
                json.writeBooleanField("isBase64Encoded", false);
                json.writeStringField("body", "");
            }
        });
        return (isEnvelope ? head.substring(0, head.length() - END.length()) : head).getBytes(StandardCharsets.UTF_8);
    }

    /** What fails now has begun: the source has told the reader, and where the answer streams the runtime is told beside it. */
    private void stream(Consumer<HttpResponse.Sink> source) {
        try {
            source.accept(this::piece);
        } catch (RuntimeException failure) {
            if (streaming != null) {
                throw failure;
            }
            LOG.log(System.Logger.Level.ERROR, "a response was cut off", failure);
        }
    }

    private void piece(String text) {
        try {
            raw(encoded(text));
            flush();
        } catch (IOException gone) {
            readerGone();
        }
    }

    private void readerGone() {
        LOG.log(System.Logger.Level.DEBUG, "the client has disconnected; the rest is dropped");
        readerGone = true;
    }

    private byte[] encoded(String text) {
        return streaming == null
                ? JsonStringEncoder.getInstance().quoteAsUTF8(text)
                : text.getBytes(StandardCharsets.UTF_8);
    }

    private void raw(byte[] bytes) throws IOException {
        if (!readerGone) {
            output.write(bytes);
        }
    }

    private void flush() throws IOException {
        if (!readerGone) {
            output.flush();
        }
    }
}
