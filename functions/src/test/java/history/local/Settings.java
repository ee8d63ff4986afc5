package history.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
    /** Reads the variables; throws an {@link IllegalArgumentException} that names the wrong one and what is allowed. */
    static Settings from(Map<String, String> environment) {
        var rehearses = Boolean.parseBoolean(environment.getOrDefault("LOCAL_REHEARSE", ""));
        if (rehearses && text(environment, "LOCAL_DATABASE_URL") != null) {
            throw new IllegalArgumentException("A rehearsal has a database of its own: unset LOCAL_DATABASE_URL.");
        }
        return new Settings(
                rehearses,
                port(environment),
                dataFolder(environment),
                text(environment, "LOCAL_DATABASE_URL"),
                text(environment, "LOCAL_DATABASE_ALLOW"),
                text(environment, "LOCAL_CONTAINERS"),
                text(environment, "FUNCTIONS_PASSWORD"));
    }

    private static @Nullable String text(Map<String, String> environment, String name) {
        var value = environment.getOrDefault(name, "").strip();
        return value.isEmpty() ? null : value;
    }

    private static int port(Map<String, String> environment) {
        var port = environment.getOrDefault("PORT", "").strip();
        if (port.isEmpty()) {
            return 3000;
        }
        if (port.matches("\\d{1,5}") && Integer.parseInt(port) < 65_536) {
            return Integer.parseInt(port);
        }
        throw new IllegalArgumentException("PORT must be a number from 0 (any that is free) to 65535, not " + port);
    }

    private static Path dataFolder(Map<String, String> environment) {
        var folder = environment.getOrDefault("LOCAL_DATA_DIR", "").strip();
        var path =
                Path.of(folder.isEmpty() ? ".local" : folder).toAbsolutePath().normalize();
        if (Files.exists(path) && !(Files.isDirectory(path) && Files.isWritable(path))) {
            throw new IllegalArgumentException("LOCAL_DATA_DIR must be a folder that can be written to, not " + path);
        }
        return path;
    }
}
