package history.isolation;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;

/** Everything that is logged at INFO and above, by us and by the libraries, with its stack traces; and the lines of requests. */
final class LogCapture extends Handler {
    private final Logger root = Logger.getLogger("");
    private final Logger ofRequests = Logger.getLogger("history.request");
    private final List<LogRecord> entries = new CopyOnWriteArrayList<>();

    void start() {
        setLevel(Level.ALL);
        ofRequests.setLevel(Level.FINE);
        root.addHandler(this);
    }

    void stop() {
        root.removeHandler(this);
        ofRequests.setLevel(null);
    }

    @Override
    public void publish(LogRecord entry) {
        if (isRequest(entry) || entry.getLevel().intValue() >= Level.INFO.intValue()) {
            entries.add(entry);
        }
    }

    private boolean isRequest(LogRecord entry) {
        return ofRequests.getName().equals(entry.getLoggerName());
    }

    /** A line for each request. */
    List<String> requests() {
        return entries.stream()
                .filter(this::isRequest)
                .map(LogRecord::getMessage)
                .toList();
    }

    /** All but the lines of requests. */
    String text() {
        return entries.stream()
                .filter(entry -> !isRequest(entry))
                .map(LogCapture::written)
                .collect(Collectors.joining());
    }

    /** Without what the libraries say of themselves, and which release it is. */
    String ours() {
        return entries.stream()
                .filter(entry -> String.valueOf(entry.getLoggerName()).startsWith("history."))
                .filter(entry -> !isRequest(entry))
                .filter(entry -> !entry.getMessage().startsWith("Conversation History "))
                .map(LogCapture::written)
                .collect(Collectors.joining());
    }

    String textBelow(Level level) {
        return entries.stream()
                .filter(entry -> entry.getLevel().intValue() < level.intValue())
                .map(LogCapture::written)
                .collect(Collectors.joining());
    }

    private static String written(LogRecord entry) {
        var trace = new StringWriter();
        if (entry.getThrown() != null) {
            entry.getThrown().printStackTrace(new PrintWriter(trace, true));
        }
        return new SimpleFormatter().formatMessage(entry) + "\n" + trace;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
