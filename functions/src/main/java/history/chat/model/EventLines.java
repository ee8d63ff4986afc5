package history.chat.model;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Reads the data of server-sent events, as https://html.spec.whatwg.org/multipage/server-sent-events.html defines them. An event
 * without its empty line was cut off and is ignored.
 */
final class EventLines {
    private static final int MOST_CHARACTERS = 16_000_000;
    private static final int BYTE_ORDER_MARK = '\uFEFF';

    private final BufferedReader body;
    private int last;

    EventLines(InputStream body) {
        this.body = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8.newDecoder()));
    }

    /** The data of the next event, or null at the end of the stream. */
    @Nullable
    String next() throws IOException {
        var data = new ArrayList<String>();
        for (var line = line(); line != null; line = line()) {
            if (line.startsWith("data:")) {
                data.add(line.startsWith(" ", 5) ? line.substring(6) : line.substring(5));
            } else if (line.equals("data")) {
                data.add("");
            } else if (line.isEmpty() && !data.isEmpty()) {
                return String.join("\n", data);
            }
        }
        return null;
    }

    /** A line ends with \n, \r\n or \r; null when the stream ends first. */
    private @Nullable String line() throws IOException {
        var line = new StringBuilder();
        for (var next = read(); next >= 0; next = read()) {
            var isSecondHalf = next == '\n' && last == '\r';
            var isFirst = last == 0;
            last = next;
            if (isSecondHalf || (isFirst && next == BYTE_ORDER_MARK)) {
                continue;
            }
            if (next == '\n' || next == '\r') {
                return line.toString();
            }
            if (line.length() == MOST_CHARACTERS) {
                throw new ModelFailure.Failed("The model's answer is too long");
            }
            line.append((char) next);
        }
        return null;
    }

    private int read() throws IOException {
        try {
            return body.read();
        } catch (CharacterCodingException e) {
            throw new ModelFailure.Failed("The model's answer is not UTF-8", e);
        }
    }
}
