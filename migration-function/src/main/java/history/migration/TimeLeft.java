package history.migration;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How long a run may go on. A function stops early enough to return its report. */
record TimeLeft(LongSupplier milliseconds) {
    static final TimeLeft UNLIMITED = new TimeLeft(() -> Long.MAX_VALUE);
    private static final Duration RESERVE = Duration.ofSeconds(30);

    boolean isShort() {
        return milliseconds.getAsLong() < RESERVE.toMillis();
    }
}
