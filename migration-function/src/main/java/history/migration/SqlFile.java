package history.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file of SQL under {@code history/}.
 *
 * @param name its path there, without the ending
 */
record SqlFile(String name) {
    /** The files about the team's own objects on the table. */
    static final List<SqlFile> TEAM = Stream.of(
                    "team/membership_policies",
                    "team/session_policies",
                    "team/session_triggers",
                    "check/preflight_team")
            .map(SqlFile::new)
            .toList();

    /** The definitions, in the order of {@code definitions.txt}; each may run again at any time. */
    static final List<SqlFile> DEFINITIONS =
            text("definitions.txt").lines().map(SqlFile::new).toList();

    String sql() {
        return text(name + ".sql");
    }

    /** The file's query; of a function, the query in its body, since the function may not exist yet. */
    String findings() {
        var parts = sql().split("\\$\\$", -1);
        return "select blocks, finding, remedy from (%s) q where finding is not null order by finding"
                .formatted(parts[parts.length / 2]);
    }

    static String text(String path) {
        try (var file = SqlFile.class.getResourceAsStream("/history/" + path)) {
            if (file == null) {
                throw new IllegalStateException("missing " + path);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
