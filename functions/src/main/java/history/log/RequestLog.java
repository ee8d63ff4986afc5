package history.log;

import history.text.JsonText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one request did, for its line in the log: ids, figures and codes, never a word of anybody's. CloudWatch takes its metrics
 * from the same line:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html.
 *
 * <p>The threads that a request starts write into the same line.
 */
public final class RequestLog implements AutoCloseable {
    static final String NAME = "history.request";
    private static final System.Logger LOG = System.getLogger(NAME);
    private static final InheritableThreadLocal<@Nullable RequestLog> CURRENT = new InheritableThreadLocal<>();
    private static final AtomicBoolean STARTED = new AtomicBoolean();
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final Pattern XRAY_ROOT = Pattern.compile("Root=([0-9a-f-]+)");
    private static final String DURATION = "duration_ms";

    /** What is counted beside the duration, if it happened. */
    private static final List<String> COUNTS =
            List.of("requests", "errors", "database_unavailable", "model_failures", "answers_not_stored");

    private final long began = System.nanoTime();
    private final Map<String, Object> line = new LinkedHashMap<>();
    private @Nullable String requestId;
    private @Nullable String traceparent;
    private Level level = Level.INFO;
    private final Set<String> said = new LinkedHashSet<>();
    private int status = 500;
    private int trips;
    private long databaseNanos;
    private volatile boolean closed;

    private RequestLog() {}

    /**
     * Begins the line of a call.
     *
     * @param functionRequestId Lambda's name for the call, as in its own lines
     */
    public static RequestLog begin(String route, String functionRequestId) {
        var log = new RequestLog();
        log.requestId = functionRequestId;
        log.put("route", route);
        log.put("function_request_id", functionRequestId);
        log.put("start", start());
        var root = XRAY_ROOT.matcher(System.getProperty("com.amazonaws.xray.traceHeader", ""));
        log.put("trace_id", root.find() ? root.group(1) : null);
        CURRENT.set(log);
        return log;
    }

    private static String start() {
        boolean isSnapshot = "snap-start".equals(System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE"));
        return STARTED.getAndSet(true) ? "warm" : isSnapshot ? "restored" : "cold";
    }

    /** The request that is being served; one that nobody reads where there is none. */
    public static RequestLog current() {
        var log = CURRENT.get();
        return log == null || log.closed ? new RequestLog() : log;
    }

    /**
     * What the call brings along.
     *
     * @param header {@code traceparent} of W3C Trace Context; null when there is none
     */
    public synchronized void request(String id, @Nullable String header) {
        requestId = id;
        var parts = TRACEPARENT.matcher(Objects.requireNonNullElse(header, ""));
        if (parts.matches()) {
            traceparent = header;
            put("trace_id", parts.group(1));
        }
    }

    public synchronized @Nullable String requestId() {
        return requestId;
    }

    /** To be sent along with a request that this one makes; null when the caller sent none. */
    public synchronized @Nullable String traceparent() {
        return traceparent;
    }

    public synchronized void status(int code) {
        status = code;
    }

    public synchronized void put(String name, @Nullable String value) {
        if (value != null) {
            line.put(name, value);
        }
    }

    public synchronized void put(String name, long value) {
        line.put(name, value);
    }

    /** Why something failed, for an operator. */
    public void say(Level how, String words) {
        takes(how, words, null);
    }

    /** Something that was logged becomes a part of the line; false when no request is served, and there is no line. */
    synchronized boolean takes(Level how, String words, @Nullable Throwable thrown) {
        if (closed || requestId == null) {
            return false;
        }
        level = how.intValue() > level.intValue() ? how : level;
        said.add(words);
        if (thrown != null && !line.containsKey("stack_trace")) {
            line.put("stack_trace", trace(thrown));
        }
        return true;
    }

    public synchronized void trip(long nanos) {
        trips++;
        databaseNanos += nanos;
    }

    /** The first piece of a model's answer is there, or another one. */
    public synchronized void piece() {
        line.putIfAbsent("first_token_ms", millis(System.nanoTime() - began));
    }

    @Override
    public synchronized void close() {
        closed = true;
        CURRENT.remove();
        if (LOG.isLoggable(System.Logger.Level.DEBUG)) {
            LOG.log(System.Logger.Level.DEBUG, line());
        }
    }

    private String line() {
        var now = Instant.now();
        put("database_ms", millis(databaseNanos));
        put("database_trips", trips);
        put("requests", 1);
        put("errors", status >= 500 ? 1 : 0);
        var group = Objects.requireNonNullElse(System.getenv("AWS_LAMBDA_LOG_GROUP_NAME"), "local");
        put("service", group.substring(group.lastIndexOf('/') + 1));
        return JsonText.object(json -> {
            json.writeStringField("timestamp", now.toString());
            json.writeStringField("level", level(level));
            json.writeStringField("request_id", requestId);
            json.writeNumberField("status", status);
            json.writeNumberField(DURATION, millis(System.nanoTime() - began));
            if (!said.isEmpty()) {
                json.writeStringField("message", String.join("; ", said));
            }
            for (var entry : line.entrySet()) {
                json.writeFieldName(entry.getKey());
                if (entry.getValue() instanceof Long number) {
                    json.writeNumber(number);
                } else {
                    json.writeString(entry.getValue().toString());
                }
            }
            json.writeFieldName("_aws");
            json.writeRawValue(metrics(now));
        });
    }

    private String metrics(Instant now) {
        var text = new StringBuilder("{\"Timestamp\":" + now.toEpochMilli() + ",\"CloudWatchMetrics\":[{"
                + "\"Namespace\":\"ConversationHistory\",\"Dimensions\":[[\"service\"],[\"service\",\"route\"]],"
                + "\"Metrics\":[{\"Name\":\"" + DURATION + "\",\"Unit\":\"Milliseconds\"}");
        for (var name : COUNTS) {
            text.append(line.containsKey(name) ? ",{\"Name\":\"" + name + "\",\"Unit\":\"Count\"}" : "");
        }
        return text.append("]}]}").toString();
    }

    /** By the names that Lambda filters by. */
    static String level(Level level) {
        return level.intValue() >= Level.SEVERE.intValue()
                ? "ERROR"
                : level.intValue() >= Level.WARNING.intValue() ? "WARN" : "INFO";
    }

    static String trace(Throwable thrown) {
        var trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace, true));
        return trace.toString();
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
