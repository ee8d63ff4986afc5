package history.chat.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the data of server-sent events, as https://html.spec.whatwg.org/multipage/server-sent-events.html defines them.
 *
 * <p>Bytes are decoded line by line, so that a character split by the network stays whole. An event without its empty
 * line was cut off and is ignored.
 */
final class EventLines {
    private static final int MOST_BYTES = 16_000_000;

    private final InputStream body;
    private final byte[] buffer = new byte[16_384];
    private int position;
    private int limit;
    private boolean afterReturn;
    private boolean first = true;

    EventLines(InputStream body) {
        this.body = body;
    }

    /** The data of the next event, or null at the end of the stream. */
    @Nullable
    String next() {
        var data = new ArrayList<String>();
        for (var line = line(); line != null; line = line()) {
            if (line.startsWith("data:")) {
                data.add(line.startsWith(" ", 5) ? line.substring(6) : line.substring(5));
            } else if (line.equals("data")) {
                data.add("");
            } else if (line.isEmpty() && !data.isEmpty()) {
                return join(data);
            }
        }
        return null;
    }

    private static String join(List<String> data) {
        return data.size() == 1 ? data.getFirst() : String.join("\n", data);
    }

    /** A line ends with \n, \r\n or \r; null when the stream ends first. */
    private @Nullable String line() {
        var line = new ByteArrayOutputStream(256);
        while (true) {
            if (position == limit && !fill()) {
                return null;
            }
            if (afterReturn && buffer[position] == '\n') {
                position++;
            }
            afterReturn = false;
            var start = position;
            while (position < limit && buffer[position] != '\n' && buffer[position] != '\r') {
                position++;
            }
            line.write(buffer, start, position - start);
            if (line.size() > MOST_BYTES) {
                throw new ModelFailure.Failed("The model's answer is too long");
            }
            if (position < limit) {
                afterReturn = buffer[position++] == '\r';
                return text(line.toByteArray());
            }
        }
    }

    private boolean fill() {
        try {
            position = 0;
            limit = Math.max(0, body.read(buffer));
            return limit > 0;
        } catch (IOException e) {
            throw new ModelFailure.Failed("The connection to the model broke", e);
        }
    }

    private String text(byte[] bytes) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            var begins = first && text.startsWith("\uFEFF");
            first = false;
            return begins ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new ModelFailure.Failed("The model's answer is not UTF-8", e);
        }
    }
}
