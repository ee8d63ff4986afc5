package history.migration;

import history.access.DatabaseAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jspecify.annotations.Nullable;

/** Flyway: records in {@code history.schema_history} which definitions were applied, when and by whom. */
record SchemaHistory(DatabaseAddress address) {
    private static final String DESCRIPTION = "definitions";
    // In a field, because a logger that is garbage collected forgets its level.
    private static final Logger LOG = Logger.getLogger("org.flywaydb");

    /** Whether these definitions are the last that were applied. Flyway would take connections of its own to find it out. */
    static boolean isUpToDate(Session session) throws SQLException {
        return session.hasTable("history.schema_history") && session.isTrue("""
                select coalesce((select s.success and s.checksum = ? from history.schema_history s
                    where s.description = ? order by s.installed_rank desc limit 1), false)""", checksum(), DESCRIPTION);
    }

    private static int checksum() {
        var checksum = new CRC32();
        checksum.update(Definitions.STATEMENT.getBytes(StandardCharsets.UTF_8));
        return (int) checksum.getValue();
    }

    /** Applies the definitions if they are new to the database; returns whether they were. */
    boolean isNewer() throws SQLException {
        var login = Session.login(address, 0);
        // It warns of initSql, whose substitute takes only files; what fails is thrown.
        LOG.setLevel(Level.SEVERE);
        // The driver cannot split every statement correctly.
        var unchanged = address.url() + "?preferQueryMode=simple";
        var configuration = Flyway.configure()
                .dataSource(unchanged, login.getProperty("user"), login.getProperty("password", ""))
                .jdbcProperties(login.stringPropertyNames().stream()
                        .collect(Collectors.toMap(name -> name, login::getProperty)))
                .initSql(SqlFile.text("session.sql"))
                .defaultSchema("history")
                .table("schema_history")
                .createSchemas(true)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .locations(new String[0])
                .javaMigrations(new Repeatable())
                // Earlier versions recorded each of their files.
                .ignoreMigrationPatterns("*:missing", "*:future");
        Objects.requireNonNull(configuration.getConfigurationExtension(PostgreSQLConfigurationExtension.class))
                .setTransactionalLock(false);
        var flyway = configuration.load();
        return flyway.migrate().migrationsExecuted > 0;
    }

    /** All definitions; the checksum tells whether they have changed. */
    private static final class Repeatable implements JavaMigration {
        @Override
        public @Nullable MigrationVersion getVersion() {
            return null;
        }

        @Override
        public String getDescription() {
            return DESCRIPTION;
        }

        @Override
        public Integer getChecksum() {
            return checksum();
        }

        @Override
        public boolean canExecuteInTransaction() {
            return true;
        }

        @Override
        public void migrate(Context context) throws SQLException {
            try (var statement = context.getConnection().createStatement()) {
                statement.execute(Definitions.STATEMENT);
            }
        }
    }
}
