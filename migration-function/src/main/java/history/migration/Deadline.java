package history.migration;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How long an action may go on: a function stops early enough to say so. */
record Deadline(LongSupplier millisecondsLeft) {
    static final Deadline NONE = new Deadline(() -> Long.MAX_VALUE);
    private static final Duration RESERVE = Duration.ofSeconds(30);

    boolean isNear() {
        return millisecondsLeft.getAsLong() < RESERVE.toMillis();
    }
}
