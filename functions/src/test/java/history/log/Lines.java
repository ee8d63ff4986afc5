package history.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** The log as Lambda gets it. */
final class Lines implements AutoCloseable {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final JsonLog log = new JsonLog(new PrintStream(written, true, UTF_8));

    Lines() {
        log.listen();
    }

    /** The one line of a request, which nobody has read yet; but for what a function says when it starts. */
    String only() {
        var lines = written.toString(UTF_8)
                .lines()
                .filter(line -> !line.contains("\"message\":\"Conversation History "))
                .toList();
        written.reset();
        assertEquals(1, lines.size(), () -> String.join("\n", lines));
        return lines.getFirst();
    }

    /** What has been written, which then is read. */
    void forget() {
        written.reset();
    }

    @Override
    public void close() {
        log.stopListening();
    }
}
