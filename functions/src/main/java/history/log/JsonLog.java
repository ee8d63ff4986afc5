package history.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import history.text.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Writes each record as one line of JSON to standard output, with its stack trace inside: Lambda makes an event of each line, and
 * leaves JSON as it is.
 */
public final class JsonLog extends Handler {
    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger REQUESTS = Logger.getLogger(RequestLog.NAME);
    private static final Formatter TEXT = new SimpleFormatter();

    private JsonLog() {}

    /** In a Lambda function; elsewhere the log stays as the JDK writes it, without a line for each request. */
    public static synchronized void install() {
        if (System.getenv("AWS_LAMBDA_RUNTIME_API") != null) {
            for (var handler : ROOT.getHandlers()) {
                ROOT.removeHandler(handler);
            }
            ROOT.addHandler(new JsonLog());
            REQUESTS.setLevel(Level.FINE);
            Thread.setDefaultUncaughtExceptionHandler(
                    (_, failure) -> ROOT.log(Level.SEVERE, "uncaught: " + failure, failure));
        }
    }

    /** A log that cannot be written is no reason to fail: a print stream throws nothing. */
    @Override
    public void publish(LogRecord entry) {
        System.out.writeBytes((line(entry) + "\n").getBytes(UTF_8));
        System.out.flush();
    }

    static String line(LogRecord entry) {
        if (RequestLog.NAME.equals(entry.getLoggerName())) {
            return entry.getMessage();
        }
        var json = Json.MAPPER
                .createObjectNode()
                .put("timestamp", entry.getInstant().toString())
                .put("level", level(entry.getLevel().intValue()))
                .put("logger", entry.getLoggerName())
                .put("request_id", RequestLog.current().requestId())
                .put("message", TEXT.formatMessage(entry));
        if (entry.getThrown() != null) {
            var trace = new StringWriter();
            entry.getThrown().printStackTrace(new PrintWriter(trace, true));
            json.put("stack_trace", trace.toString());
        }
        return json.toString();
    }

    /** By the names that Lambda filters by. */
    private static String level(int level) {
        return level >= Level.SEVERE.intValue()
                ? "ERROR"
                : level >= Level.WARNING.intValue() ? "WARN" : level >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
