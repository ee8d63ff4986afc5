package history.chat.model;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** When one call ends: at its time limit, by the monotonic clock, or when it is stopped. */
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

    /** Makes the limit shorter, never longer. */
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

    /** How long a wait may last, in nanoseconds: the time left, or less, so that a stop is noticed soon. */
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
