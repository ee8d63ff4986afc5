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

    static final SqlFile CATALOGUE = new SqlFile("check/catalogue");
    static final SqlFile SESSION = new SqlFile("session");
    static final SqlFile CHECK = new SqlFile("check/check");
    static final SqlFile MINOR_RELEASE = new SqlFile("check/minor_release");
    static final SqlFile BACKUPS = new SqlFile("check/backups");
    static final SqlFile HOLDERS = new SqlFile("check/holders");
    static final SqlFile COUNTS_BEFORE = new SqlFile("check/counts_before");
    static final SqlFile COUNTS_WITH_ARRAYS = new SqlFile("check/counts_with_arrays");
    static final SqlFile COUNTS_COMPLETE = new SqlFile("check/counts_complete");
    static final SqlFile FORECAST = new SqlFile("check/forecast");
    static final SqlFile QUARANTINE = new SqlFile("check/quarantine");
    static final SqlFile EDITED_ENTRIES = new SqlFile("check/edited_entries");
    static final SqlFile LARGE_MESSAGES = new SqlFile("check/large_messages");
    static final SqlFile ADD_COLUMNS = new SqlFile("steps/add_columns");
    static final SqlFile KNOW_BOTH_PATHS = new SqlFile("upgrade/know_both_paths");
    static final SqlFile BY_HAND = new SqlFile("by_hand");

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
