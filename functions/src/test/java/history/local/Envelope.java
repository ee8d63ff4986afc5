package history.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes a function's answer {@code {"statusCode":…,"headers":{…},"body":"…"}} as it is written and hands on the body as it
 * arrives, so that events reach the client while the function still runs. The body must come last.
 */
final class Envelope extends OutputStream {
    /** Where the unwrapped answer goes. */
    interface Target {
        /** Gets the answer without its body, before the body. */
        void head(JsonNode head) throws IOException;

        void body(byte[] bytes) throws IOException;

        void flush() throws IOException;
    }

    private enum State {
        HEAD,
        BODY,
        AFTER_BODY
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] BODY_KEY = "\"body\"".getBytes(StandardCharsets.UTF_8);

    private final Target target;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final JsonText text = new JsonText(body);
    private State state = State.HEAD;
    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean bodyIsNext;
    private int keyStart;
    private long size;

    Envelope(Target target) {
        this.target = target;
    }

    @Override
    public void write(int value) throws IOException {
        size++;
        switch (state) {
            case HEAD -> readHead((byte) value);
            case BODY -> readBody((byte) value);
            case AFTER_BODY -> requireNothing((byte) value);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (var i = offset; i < offset + length; ) {
            var taken = state == State.BODY ? text.plain(bytes, i, offset + length) : 0;
            size += taken;
            i += taken;
            if (taken == 0) {
                write(bytes[i++]);
            }
        }
    }

    private void readHead(byte value) throws IOException {
        head.write(value);
        if (inString) {
            if (!escaped && value == '"') {
                inString = false;
                bodyIsNext = depth == 1 && endsWithBodyKey();
            }
            escaped = !escaped && value == '\\';
            return;
        }
        switch (value) {
            case '"' -> {
                if (bodyIsNext) {
                    startBody();
                } else {
                    inString = true;
                    keyStart = head.size() - 1;
                }
            }
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> bodyIsNext &= value == ':' || value == ' ';
        }
    }

    private boolean endsWithBodyKey() {
        var bytes = head.toByteArray();
        return Arrays.equals(bytes, keyStart, bytes.length, BODY_KEY, 0, BODY_KEY.length);
    }

    private void startBody() throws IOException {
        state = State.BODY;
        target.head(JSON.readTree(head.toString(StandardCharsets.UTF_8) + "\"}"));
    }

    private void readBody(byte value) {
        if (!text.next(value)) {
            state = State.AFTER_BODY;
        }
    }

    private static void requireNothing(byte value) throws IOException {
        if (value != '}' && value > ' ') {
            throw new IOException("The body must be the last field of the function's answer.");
        }
    }

    /** What has arrived so far goes to the client now. */
    @Override
    public void flush() throws IOException {
        if (body.size() > 0) {
            target.body(body.toByteArray());
            body.reset();
        }
        if (state != State.HEAD) {
            target.flush();
        }
    }

    /**
     * Ends the answer.
     *
     * @throws IOException when it is not a whole one
     */
    @Override
    public void close() throws IOException {
        if (state == State.HEAD) {
            var whole = JSON.readTree(head.toByteArray());
            if (!whole.path("statusCode").isInt()) {
                throw new IOException("The function's answer has no statusCode.");
            }
            target.head(whole);
        } else if (state == State.BODY) {
            throw new IOException("The function's answer stops in the middle of its body.");
        }
        flush();
    }

    long size() {
        return size;
    }
}
