package history.migration;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The migration as a Lambda function: {@code {"action": "migrate"}}; an empty event means the same. */
public final class MigrationHandler implements RequestStreamHandler {
    private final Migration migration;

    public MigrationHandler() {
        this(System.getenv());
    }

    MigrationHandler(Map<String, String> environment) {
        Log.verbose();
        migration = Migration.of(environment);
    }

    /**
     * Returns the report.
     *
     * @throws IllegalStateException with the report as its message, when a person is needed
     */
    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        var event = new ObjectMapper().readTree(input);
        var report = migration.run(Order.from(event), new TimeLeft(context::getRemainingTimeInMillis), step -> {});
        if (!report.succeeded()) {
            throw new IllegalStateException(report.json());
        }
        output.write(report.json().getBytes(StandardCharsets.UTF_8));
    }
}
