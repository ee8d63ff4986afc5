package history.migration;

import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.Flyway;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** Flyway: brings the definitions in schema {@code history} up to date and keeps a record of it there. */
record SchemaHistory(DatabaseAddress address) {
    // Held, because a logger that nobody holds forgets its level.
    private static final Logger LOG = Logger.getLogger("org.flywaydb");

    /** How many files were run. */
    int update() {
        LOG.setLevel(Level.WARNING);
        var configuration = Flyway.configure()
                .dataSource(
                        simpleQueries(),
                        address.properties().getProperty("user"),
                        Objects.requireNonNullElse(address.properties().getProperty("password"), ""))
                .initSql(Session.SETTINGS)
                .defaultSchema("history")
                .table("schema_history")
                .createSchemas(true)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .locations(new String[0])
                .javaMigrations(new Definitions())
                // Earlier versions recorded each of their files.
                .ignoreMigrationPatterns("*:missing", "*:future");
        Objects.requireNonNull(configuration.getConfigurationExtension(PostgreSQLConfigurationExtension.class))
                .setTransactionalLock(false);
        var flyway = configuration.load();
        return flyway.migrate().migrationsExecuted;
    }

    /** A file goes to the server as it is: the driver's own splitting does not know every statement. */
    private String simpleQueries() {
        return address.url() + (address.url().contains("?") ? "&" : "?") + "preferQueryMode=simple";
    }
}
