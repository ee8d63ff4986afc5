package history.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/**
 * A file of the migration, the same that is run by hand.
 *
 * <p>For Flyway it is a repeatable migration: it only defines things, and runs again when it has changed.
 */
record SqlFile(String name) implements JavaMigration {
    /** In the order in which they build on each other; the last file of the set is for running by hand only. */
    static final List<SqlFile> DEFINITIONS = List.of(
            new SqlFile("002_conversation_history_access"),
            new SqlFile("003_conversation_history_elements"),
            new SqlFile("004_conversation_history_mirrors"),
            new SqlFile("005_conversation_history_steps"));

    static final SqlFile BY_HAND = new SqlFile("006_conversation_history_by_hand");
    static final SqlFile PREFLIGHT_CATALOGUE = new SqlFile("preflight_catalogue");
    static final SqlFile PREFLIGHT_ROWS = new SqlFile("preflight_rows");
    static final SqlFile CATALOGUE = new SqlFile("catalogue");

    String sql() {
        try (var file = SqlFile.class.getResourceAsStream(name + ".sql")) {
            if (file == null) {
                throw new IllegalStateException("missing " + name);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public @Nullable MigrationVersion getVersion() {
        return null;
    }

    @Override
    public String getDescription() {
        return name;
    }

    @Override
    public Integer getChecksum() {
        var checksum = new CRC32();
        checksum.update(sql().getBytes(StandardCharsets.UTF_8));
        return (int) checksum.getValue();
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws Exception {
        try (var statement = context.getConnection().createStatement()) {
            statement.execute("set local client_min_messages = warning; set local lock_timeout = '10s'");
            statement.execute(sql());
        }
    }
}
