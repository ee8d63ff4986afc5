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
    /** What the team has made, and what becomes of it. */
    static final List<SqlFile> TEAM = Stream.of(
                    "team/membership_policies",
                    "team/session_policies",
                    "team/session_triggers",
                    "check/preflight_team")
            .map(SqlFile::new)
            .toList();

    /** What defines things and may run again at any time, in the order of {@code definitions.txt}. */
    static List<SqlFile> definitions() {
        return text("definitions.txt").lines().map(SqlFile::new).toList();
    }

    String sql() {
        return text(name + ".sql");
    }

    /** What the query finds, or the query that a function consists of: there may be no function yet. */
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
