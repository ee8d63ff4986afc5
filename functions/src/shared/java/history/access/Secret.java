package history.access;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A value that is given, or a secret whose ARN is: read when it is needed, and again after a minute. */
public final class Secret {
    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private record Read(String value, Instant until) {}

    private final String given;
    private final @Nullable Secrets secrets;
    private volatile @Nullable Read latest;

    private Secret(String given, @Nullable Secrets secrets) {
        this.given = given;
        this.secrets = secrets;
    }

    /**
     * The value that is given, or, where that is an ARN, the secret's.
     *
     * @param variable reads an environment variable; empty when it is not set
     */
    public static Secret of(String given, UnaryOperator<String> variable) {
        return new Secret(given, Secrets.isArn(given) ? new Secrets(variable) : null);
    }

    /** The value as it is now. */
    public String value() throws IOException {
        if (secrets == null) {
            return given;
        }
        var read = latest;
        // By the wall clock, because a monotonic one stands still in a snapshot.
        if (read == null || Instant.now().isAfter(read.until())) {
            read = new Read(secrets.value(given, LIMIT), Instant.now().plus(KEPT));
            latest = read;
        }
        return read.value();
    }
}
