package history.migration;

import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/** All definitions as one repeatable migration of Flyway. They run every time, so that what somebody altered is as it was. */
final class Definitions implements JavaMigration {
    static String sql() {
        return SqlFile.definitions().stream().map(SqlFile::sql).collect(Collectors.joining("\n")) + "\n" + remember();
    }

    /** The last statement: what has been defined is what the gate compares with. */
    static String remember() {
        return SqlFile.definitions().stream()
                .map(file -> file.name().replaceFirst(".*/", ""))
                .collect(Collectors.joining(",", "select history.remember_definitions('{", "}');\n"));
    }

    @Override
    public @Nullable MigrationVersion getVersion() {
        return null;
    }

    @Override
    public String getDescription() {
        return "definitions";
    }

    /** Another one each time: Flyway repeats what has changed. */
    @Override
    public Integer getChecksum() {
        return ThreadLocalRandom.current().nextInt();
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws Exception {
        try (var statement = context.getConnection().createStatement()) {
            statement.execute("set local client_min_messages = warning; set local lock_timeout = '1s'");
            statement.execute(sql());
        }
    }
}
