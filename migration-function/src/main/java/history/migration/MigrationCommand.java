package history.migration;

import java.io.PrintStream;

/** The migration on a command line. */
public final class MigrationCommand {
    private MigrationCommand() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out));
    }

    private static int run(String[] arguments, PrintStream output) {
        try {
            var action = arguments.length == 0 ? Action.MIGRATE : Action.named(arguments[0]);
            var report = Migration.of(System.getenv()).run(action);
            output.println(report.json());
            return report.succeeded() ? 0 : 1;
        } catch (IllegalArgumentException e) {
            ProgressBar.log(String.valueOf(e.getMessage()));
            return 1;
        }
    }
}
