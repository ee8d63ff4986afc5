package history.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import history.text.JsonText;
import java.io.PrintStream;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Writes each record as one line of JSON, with its stack trace inside: Lambda makes an event of each line, and leaves JSON as it
 * is. What is logged while a request is served is written on the line of the request.
 */
public final class JsonLog extends Handler {
    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger REQUESTS = Logger.getLogger(RequestLog.NAME);
    /** Says of each pool that it starts and ends. */
    private static final Logger POOL = Logger.getLogger("com.zaxxer.hikari");

    private static final Formatter TEXT = new SimpleFormatter();

    private final PrintStream output;

    JsonLog(PrintStream output) {
        this.output = output;
    }

    /** In a Lambda function; elsewhere the log stays as the JDK writes it, without a line for each request. */
    public static synchronized void install() {
        if (System.getenv("AWS_LAMBDA_RUNTIME_API") != null) {
            for (var handler : ROOT.getHandlers()) {
                ROOT.removeHandler(handler);
            }
            new JsonLog(System.out).listen();
            Thread.setDefaultUncaughtExceptionHandler(
                    (_, failure) -> ROOT.log(Level.SEVERE, "uncaught: " + failure, failure));
        }
    }

    void listen() {
        ROOT.addHandler(this);
        REQUESTS.setLevel(Level.FINE);
        POOL.setLevel(Level.WARNING);
    }

    void stopListening() {
        ROOT.removeHandler(this);
        REQUESTS.setLevel(null);
        POOL.setLevel(null);
    }

    /** A log that cannot be written is no reason to fail: a print stream throws nothing. */
    @Override
    public void publish(LogRecord entry) {
        boolean isRequest = RequestLog.NAME.equals(entry.getLoggerName());
        if (isRequest || !RequestLog.current().takes(entry.getLevel(), TEXT.formatMessage(entry), entry.getThrown())) {
            output.writeBytes(((isRequest ? entry.getMessage() : line(entry)) + "\n").getBytes(UTF_8));
            output.flush();
        }
    }

    private static String line(LogRecord entry) {
        return JsonText.object(json -> {
            json.writeStringField("timestamp", entry.getInstant().toString());
            json.writeStringField("level", RequestLog.level(entry.getLevel()));
            json.writeStringField("logger", entry.getLoggerName());
            json.writeStringField("message", TEXT.formatMessage(entry));
            if (entry.getThrown() != null) {
                json.writeStringField("stack_trace", RequestLog.trace(entry.getThrown()));
            }
        });
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
