package history.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.text.Json;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

final class JsonLogTest {
    @Test
    void aRecordIsOneLineWithItsStackTraceInside() {
        var entry = new LogRecord(Level.WARNING, "two\nlines of {0}");
        entry.setLoggerName("history.somewhere");
        entry.setParameters(new Object[] {"\"us\""});
        entry.setThrown(new IllegalStateException("outer", new IllegalArgumentException("inner")));
        try (var _ = RequestLog.begin("GET /", "request-f")) {
            RequestLog.current().request("request-g", null);
            var line = JsonLog.line(entry);
            assertEquals(1, line.lines().count(), line);
            var json = Json.tree(line);
            assertEquals("WARN", json.path("level").asText());
            assertEquals("two\nlines of \"us\"", json.path("message").asText());
            assertEquals("request-g", json.path("request_id").asText());
            var trace = json.path("stack_trace").asText();
            assertTrue(trace.startsWith("java.lang.IllegalStateException: outer\n\tat "), trace);
            assertTrue(trace.contains("\nCaused by: java.lang.IllegalArgumentException: inner\n"), trace);
        }
        assertTrue(Json.tree(JsonLog.line(entry)).path("request_id").isNull(), "the request is over");
    }
}
