package history.chat.model;

import java.time.Duration;

/** The end of one call, on the clock that never jumps. */
final class TimeLimit {
    private volatile long nanos;

    private TimeLimit(long nanos) {
        this.nanos = nanos;
    }

    static TimeLimit after(Duration limit) {
        return new TimeLimit(System.nanoTime() + limit.toNanos());
    }

    /** Moves it nearer, never further away. */
    void within(Duration limit) {
        var nearer = System.nanoTime() + limit.toNanos();
        if (nearer - nanos < 0) {
            nanos = nearer;
        }
    }

    /** What is left, in nanoseconds, always more than 0. */
    long remaining() {
        var left = nanos - System.nanoTime();
        if (left <= 0) {
            throw new ModelFailure.TimedOut();
        }
        return left;
    }
}
