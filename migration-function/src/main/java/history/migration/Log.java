package history.migration;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Tells a person who watches what happens, on standard error. */
final class Log {
    // Null where there is no console, says its annotation; not any more, says Error Prone.
    @SuppressWarnings("SystemConsoleNull")
    static final boolean TERMINAL = System.console() != null && System.console().isTerminal();

    private static final PrintStream OUT =
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    private static final String CLEARED = "\r\u001b[K";

    private static volatile boolean verbose;
    private static volatile boolean quiet;
    private static volatile boolean barShown;

    private Log() {}

    /** From now on with what only a developer wants to know, SQL among it. */
    static void verbose() {
        verbose = true;
    }

    /** From now on not at all. */
    static void quiet() {
        quiet = true;
    }

    static void line(String line) {
        if (quiet) {
            return;
        }
        OUT.println(barShown ? CLEARED + line : line);
        barShown = false;
    }

    static void detail(String lines) {
        if (verbose) {
            line(lines);
        }
    }

    /** What is going on: on a terminal the last line, over the one before. */
    static void bar(String line) {
        if (TERMINAL && !quiet) {
            OUT.print(CLEARED + line);
            OUT.flush();
            barShown = true;
        }
    }
}
