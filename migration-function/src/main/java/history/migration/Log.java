package history.migration;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Progress for a person who watches, on standard error. */
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

    /** From now on with details for developers, such as SQL. */
    static void verbose() {
        verbose = true;
    }

    /** From now on nothing. */
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

    /** Progress: on a terminal it overwrites the last line. */
    static void bar(String line) {
        if (TERMINAL && !quiet) {
            OUT.print(CLEARED + line);
            OUT.flush();
            barShown = true;
        }
    }
}
