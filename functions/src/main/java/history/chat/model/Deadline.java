package history.chat.model;

import java.time.Duration;

/** A point in time, on the clock that never jumps. */
final class Deadline {
    private volatile long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    static Deadline after(Duration limit) {
        return new Deadline(System.nanoTime() + limit.toNanos());
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
