package history.migration;

import org.flywaydb.core.Flyway;

/** The migration on a command line. */
public final class MigrationCommand {
    private MigrationCommand() {}

    public static void main(String[] arguments) {
        Object o = Flyway.configure();
        if (o instanceof String s && s.isEmpty()) {
            throw new IllegalArgumentException(s);
        }
    }
}
