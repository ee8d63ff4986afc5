package history.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes an answer as the JSON a gateway expects, the body last and piece by piece.
 *
 * <p>A runtime that buffers sends it when it is whole; one that streams can pass it on as it comes about.
 */
final class ResponseWriter {
    private static final System.Logger LOG = System.getLogger(ResponseWriter.class.getName());

    private final OutputStream output;
    private boolean readerGone;

    ResponseWriter(OutputStream output) {
        this.output = output;
    }

    void write(HttpResponse response) throws IOException {
        raw(head(response));
        switch (response.body()) {
            case HttpResponse.Body.Text text ->
                raw(JsonStringEncoder.getInstance().quoteAsUTF8(text.text()));
            case HttpResponse.Body.Stream stream -> {
                output.flush();
                stream.source().writeTo(this::piece);
            }
        }
        raw("\"}".getBytes(StandardCharsets.UTF_8));
        flush();
    }

    private static byte[] head(HttpResponse response) throws IOException {
        var head = new java.io.ByteArrayOutputStream(512);
        try (JsonGenerator json = Json.MAPPER.createGenerator(head)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
            json.writeStartObject();
            json.writeNumberField("statusCode", response.status());
            json.writeObjectFieldStart("headers");
            for (var header : response.headers().entrySet()) {
                json.writeStringField(header.getKey(), header.getValue());
            }
            json.writeEndObject();
            json.writeBooleanField("isBase64Encoded", false);
            json.writeFieldName("body");
            json.writeRawValue("\"");
        }
        return head.toByteArray();
    }

    private void piece(String text) {
        try {
            raw(JsonStringEncoder.getInstance().quoteAsUTF8(text));
            flush();
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "the reader has gone; the rest is dropped");
            readerGone = true;
        }
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
