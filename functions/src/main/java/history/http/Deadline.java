package history.http;

import com.amazonaws.services.lambda.runtime.Context;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The moment at which the runtime ends this call, whatever it is doing. */
public record Deadline(Instant at) {
    /** The time of a call whose context does not tell it. */
    private static final Duration UNKNOWN = Duration.ofMinutes(15);

    static Deadline of(@Nullable Context context) {
        int millis = context == null ? 0 : context.getRemainingTimeInMillis();
        return new Deadline(Instant.now().plus(millis > 0 ? Duration.ofMillis(millis) : UNKNOWN));
    }

    /** The time left minus a margin; never negative. */
    public Duration remaining(Duration margin) {
        Duration left = Duration.between(Instant.now(), at).minus(margin);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
