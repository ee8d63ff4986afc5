package history.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import history.text.Json;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class JsonLogTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final JsonLog log = new JsonLog(new PrintStream(written, false, UTF_8));

    private static LogRecord entry(Level level, String words) {
        var entry = new LogRecord(level, words);
        entry.setLoggerName("history.somewhere");
        entry.setParameters(new Object[] {"\"us\""});
        entry.setThrown(new IllegalStateException("outer", new IllegalArgumentException("inner")));
        return entry;
    }

    private List<JsonNode> lines() {
        return written.toString(UTF_8).lines().map(Json::tree).toList();
    }

    private static void assertTells(JsonNode line, String level, String words) {
        assertEquals(level, line.path("level").asText());
        assertEquals(words, line.path("message").asText());
        var trace = line.path("stack_trace").asText();
        assertTrue(trace.startsWith("java.lang.IllegalStateException: outer\n\tat "), trace);
        assertTrue(trace.contains("\nCaused by: java.lang.IllegalArgumentException: inner\n"), trace);
    }

    @Test
    void aRecordIsOneLineWithItsStackTraceInside() {
        log.publish(entry(Level.WARNING, "two\nlines of {0}"));
        assertTells(lines().getFirst(), "WARN", "two\nlines of \"us\"");
        assertEquals(1, lines().size());
    }

    /** Each word once, however often it was said, and the worst level. */
    @Test
    void whatIsSaidDuringARequestIsOnItsLine() {
        log.listen();
        try (var request = RequestLog.begin("GET /", "request-f")) {
            request.request("request-g", null);
            for (var level : List.of(Level.WARNING, Level.SEVERE, Level.INFO)) {
                log.publish(entry(level, "this, of {0}"));
            }
            log.publish(entry(Level.INFO, "and that"));
            assertEquals(List.of(), lines());
        } finally {
            log.stopListening();
        }
        assertEquals(1, lines().size());
        assertEquals("request-g", lines().getFirst().path("request_id").asText());
        assertTells(lines().getFirst(), "ERROR", "this, of \"us\"; and that");
        log.publish(entry(Level.INFO, "the request is over"));
        assertEquals(2, lines().size());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDiskThatIsFullIsNoReasonToFail() throws IOException {
        try (var full = new PrintStream(new FileOutputStream("/dev/full"), false, UTF_8)) {
            new JsonLog(full).publish(entry(Level.INFO, "Hello"));
            assertTrue(full.checkError());
        }
    }
}
