package history.chat.model;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The end of one call: its time is over, on the clock that never jumps, or it is stopped. */
final class TimeLimit {
    private static final long LONGEST_WAIT = Duration.ofMillis(200).toNanos();

    private final BooleanSupplier isStopped;
    private volatile long nanos;

    private TimeLimit(long nanos, BooleanSupplier isStopped) {
        this.nanos = nanos;
        this.isStopped = isStopped;
    }

    static TimeLimit after(Duration limit, BooleanSupplier isStopped) {
        return new TimeLimit(System.nanoTime() + limit.toNanos(), isStopped);
    }

    /** Moves it nearer, never further away. */
    void within(Duration limit) {
        var nearer = System.nanoTime() + limit.toNanos();
        if (nearer - nanos < 0) {
            nanos = nearer;
        }
    }

    /** What is left of it. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    /** How long to wait before this is asked again, in nanoseconds: what is left, or less so that a stop is noticed soon. */
    long nextWait() {
        if (isStopped.getAsBoolean()) {
            throw new ModelFailure.Stopped();
        }
        var left = nanos - System.nanoTime();
        if (left <= 0) {
            throw new ModelFailure.TimedOut();
        }
        return Math.min(left, LONGEST_WAIT);
    }
}
