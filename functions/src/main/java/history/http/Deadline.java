package history.http;

import com.amazonaws.services.lambda.runtime.Context;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The moment at which the runtime ends this call, whatever it is doing. */
public record Deadline(Instant at) {
    /** What a function has when nothing tells how long it may work. */
    private static final Duration UNKNOWN = Duration.ofMinutes(15);

    static Deadline of(@Nullable Context context) {
        int millis = context == null ? 0 : context.getRemainingTimeInMillis();
        return new Deadline(Instant.now().plus(millis > 0 ? Duration.ofMillis(millis) : UNKNOWN));
    }

    /** What is left of the time once the margin is kept back; never negative. */
    public Duration remaining(Duration margin) {
        Duration left = Duration.between(Instant.now(), at).minus(margin);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
