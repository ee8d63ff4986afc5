package history.migration;

import java.time.Duration;
import java.util.Locale;

/** Progress of a long step: a bar on a terminal, otherwise a line every ten seconds. */
final class ProgressBar {
    private static final int WIDTH = 30;
    private static final Duration PAUSE = Log.TERMINAL ? Duration.ofMillis(200) : Duration.ofSeconds(10);

    private final String name;
    private final long total;
    private final long started = System.nanoTime();
    private long told = started;

    ProgressBar(String name, long total) {
        this.name = name;
        this.total = Math.max(1, total);
    }

    void reached(long done) {
        reached(done, "");
    }

    /** @param more text after the numbers */
    void reached(long done, String more) {
        var now = System.nanoTime();
        if (now - told < PAUSE.toNanos()) {
            return;
        }
        told = now;
        var words = words(done, (now - started) / 1e9) + more;
        if (Log.TERMINAL) {
            var full = (int) (WIDTH * part(done));
            Log.bar("[%s%s] %s".formatted("#".repeat(full), " ".repeat(WIDTH - full), words));
        } else {
            Log.line(words);
        }
    }

    private double part(long done) {
        return Math.min(1.0, (double) done / total);
    }

    String words(long done, double seconds) {
        var perSecond = done / Math.max(1e-3, seconds);
        var left = Duration.ofSeconds((long) Math.ceil(Math.max(0, total - done) / Math.max(1e-3, perSecond)));
        return String.format(
                Locale.ROOT,
                "%s %.0f %%, %,d of %,d, %,.0f/s, %s left",
                name,
                100 * part(done),
                done,
                total,
                perSecond,
                left.toMinutes() < 2 ? left.toSeconds() + " s" : left.toMinutes() + " min");
    }
}
