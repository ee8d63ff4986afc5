package history.migration;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The migration as a Lambda function: {@code {"action": "migrate"}}; an empty event means the same. */
public final class MigrationHandler implements RequestStreamHandler {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A migration does not stay in these on purpose. */
    private static final Set<String> ON_THE_WAY = Set.of(Phase.EXPANDED.word(), Phase.BACKFILLED.word());

    private final Migration migration;
    private final @Nullable String logGroup;

    public MigrationHandler() {
        this(System.getenv());
    }

    MigrationHandler(Map<String, String> environment) {
        Log.verbose();
        migration = Migration.of(environment);
        logGroup = environment.get("AWS_LAMBDA_LOG_GROUP_NAME");
    }

    /**
     * Returns the report.
     *
     * @throws IllegalStateException with the report as its message, when a person is needed
     */
    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        var event = JSON.readTree(input);
        var report = migration.run(Order.from(event), new TimeLeft(context::getRemainingTimeInMillis), step -> {});
        if (logGroup != null) {
            System.out.println(metrics(report, logGroup.substring(logGroup.lastIndexOf('/') + 1)));
        }
        if (!report.succeeded()) {
            throw new IllegalStateException(report.json());
        }
        output.write(report.json().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The line of which CloudWatch makes what the alarms watch:
     * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html.
     */
    private static String metrics(Report report, String service) {
        var isOpen = !report.succeeded() || report.callAgain() || ON_THE_WAY.contains(report.phase());
        var line = JSON.createObjectNode()
                .put("service", service)
                .put("action", report.action())
                .put("phase", report.phase())
                .put("unfinished", isOpen ? 1 : 0);
        var aws = line.putObject("_aws").put("Timestamp", System.currentTimeMillis());
        var directive = aws.putArray("CloudWatchMetrics").addObject().put("Namespace", "ConversationHistory");
        directive.putArray("Dimensions").addArray().add("service");
        var metrics = directive.putArray("Metrics");
        metrics.addObject().put("Name", "unfinished");
        if (!report.phase().equals("unknown")) {
            line.put("quarantined", report.quarantined());
            metrics.addObject().put("Name", "quarantined");
        }
        return line.toString();
    }
}
