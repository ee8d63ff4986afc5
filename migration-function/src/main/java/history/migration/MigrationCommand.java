package history.migration;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The migration on a command line. */
public final class MigrationCommand {
    private static final int NEEDS_A_PERSON = 1;
    private static final int MISUSED = 2;

    private @Nullable Action action;
    private String confirm = "";
    private @Nullable UUID tenant;
    private @Nullable UUID user;
    private @Nullable Path file;
    private boolean fresh;
    private boolean json = !Log.TERMINAL;

    private MigrationCommand() {}

    public static void main(String[] arguments) {
        System.exit(new MigrationCommand().run(List.of(arguments), System.out));
    }

    private int run(List<String> arguments, PrintStream output) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            output.print(SqlFile.text("usage.txt"));
            return 0;
        }
        try {
            parse(new ArrayDeque<>(arguments));
            if (action == null) {
                System.err.print(SqlFile.text("usage.txt"));
                return MISUSED;
            }
            var report =
                    untilDone(Migration.of(System.getenv()), new Order(action, confirm, fresh, tenant, user, file));
            output.println(json ? report.json() : new ReportTable(report));
            return report.succeeded() ? 0 : NEEDS_A_PERSON;
        } catch (IllegalArgumentException e) {
            Log.line(String.valueOf(e.getMessage()));
            return MISUSED;
        }
    }

    private void parse(ArrayDeque<String> arguments) {
        while (!arguments.isEmpty()) {
            var argument = arguments.pop();
            switch (argument) {
                case "--json" -> json = true;
                case "--verbose" -> Log.verbose();
                case "--fresh" -> fresh = true;
                case "--tenant" -> tenant = Order.uuid(value(argument, arguments));
                case "--user" -> user = Order.uuid(value(argument, arguments));
                case "--file" -> file = Path.of(value(argument, arguments));
                case "--confirm" -> confirm = value(argument, arguments);
                default -> {
                    if (action != null || argument.startsWith("-")) {
                        throw notUnderstood("\"%s\" is not understood".formatted(argument));
                    }
                    action = Action.named(argument);
                }
            }
        }
    }

    private static String value(String option, ArrayDeque<String> arguments) {
        var value = arguments.poll();
        if (value == null || value.isEmpty() || value.startsWith("--")) {
            throw notUnderstood("\"%s\" is not understood without a value".formatted(option));
        }
        return value;
    }

    private static IllegalArgumentException notUnderstood(String words) {
        return new IllegalArgumentException(words + "; see --help. Nothing was run.");
    }

    private static Report untilDone(Migration migration, Order order) {
        var report = migration.run(order);
        while (report.callAgain() && report.succeeded()) {
            Retry.pause(Duration.ofSeconds(5));
            report = migration.run(order);
        }
        return report;
    }
}
