package history.bench;

import java.util.Arrays;
import java.util.Locale;

/** Durations of one thing that was done many times. */
final class Samples {
    private final long[] nanos;
    private int count;

    Samples(int capacity) {
        nanos = new long[capacity];
    }

    void add(long duration) {
        nanos[count++] = duration;
    }

    double medianMillis() {
        return percentileMillis(50);
    }

    private double percentileMillis(int percent) {
        var sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[Math.min(count - 1, count * percent / 100)] / 1e6;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "median %6.3f ms, p90 %6.3f ms, p99 %6.3f ms",
                percentileMillis(50),
                percentileMillis(90),
                percentileMillis(99));
    }
}
