package history.migration;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Tells a person who watches how far it is, on standard error: a bar on a terminal, else a line every two seconds. */
final class ProgressBar {
    private static final PrintStream LOG =
            new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8);
    private static final int WIDTH = 40;

    private final String name;
    private final long total;
    // Null where there is no console, says its annotation; not any more, says Error Prone.
    @SuppressWarnings("SystemConsoleNull")
    private final boolean terminal =
            System.console() != null && System.console().isTerminal();

    private final long started = System.nanoTime();
    private long told = started;

    ProgressBar(String name, long total) {
        this.name = name;
        this.total = Math.max(1, total);
    }

    static void log(String line) {
        LOG.println(line);
    }

    void reached(long done) {
        var now = System.nanoTime();
        if (now - told < (terminal ? 100_000_000L : 2_000_000_000L) && done < total) {
            return;
        }
        told = now;
        var part = Math.min(1.0, (double) done / total);
        var perSecond = Math.round(done / Math.max(1e-3, (now - started) / 1e9));
        var words =
                String.format(Locale.ROOT, "%s %3.0f %% %,d of %,d, %,d/s", name, part * 100, done, total, perSecond);
        if (terminal) {
            var full = (int) (part * WIDTH);
            LOG.printf("\r[%s%s] %s", "#".repeat(full), " ".repeat(WIDTH - full), words);
            if (done >= total) {
                LOG.println();
            }
        } else {
            LOG.println(words);
        }
    }
}
