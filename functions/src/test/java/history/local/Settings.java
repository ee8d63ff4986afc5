package history.local;

import history.config.Variables;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a developer may choose about the local run.
 *
 * @param rehearses whether an old database is made and the migration left to the developer
 * @param port 0 for any that is free
 * @param databaseUrl null for the embedded PostgreSQL
 * @param allowed the database, as host:port/database, that may be used although others have data in it
 * @param containers the address at which containers reach this machine; null when none need to
 * @param functionsPassword null for one that is made and kept in the data folder
 */
record Settings(
        boolean rehearses,
        int port,
        Path dataFolder,
        @Nullable String databaseUrl,
        @Nullable String allowed,
        @Nullable String containers,
        @Nullable String functionsPassword) {
    /** Reads the variables, and reports those that are wrong with what is allowed. */
    static Settings from(Variables variables) {
        var rehearses = Boolean.parseBoolean(variables.orEmpty("LOCAL_REHEARSE"));
        if (rehearses && variables.text("LOCAL_DATABASE_URL").isPresent()) {
            variables.problem("LOCAL_REHEARSE", "has a database of its own: unset LOCAL_DATABASE_URL");
        }
        return new Settings(
                rehearses,
                variables.value("PORT", Settings::port).orElse(3000),
                dataFolder(variables),
                text(variables, "LOCAL_DATABASE_URL"),
                text(variables, "LOCAL_DATABASE_ALLOW"),
                text(variables, "LOCAL_CONTAINERS"),
                text(variables, "FUNCTIONS_PASSWORD"));
    }

    private static @Nullable String text(Variables variables, String name) {
        return variables.value(name, String::strip).orElse(null);
    }

    private static int port(String text) {
        var port = text.strip();
        if (port.matches("\\d{1,5}") && Integer.parseInt(port) < 65_536) {
            return Integer.parseInt(port);
        }
        throw new IllegalArgumentException("must be a number from 0 (any that is free) to 65535, not " + port);
    }

    private static Path dataFolder(Variables variables) {
        var folder = variables.value("LOCAL_DATA_DIR", String::strip).orElse(".local");
        var path = Path.of(folder).toAbsolutePath().normalize();
        if (Files.exists(path) && !(Files.isDirectory(path) && Files.isWritable(path))) {
            variables.problem("LOCAL_DATA_DIR", "must be a folder that can be written to, not " + path);
        }
        return path;
    }
}
