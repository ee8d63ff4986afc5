package history.migration;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** Messages that are migrated like all others, and are a burden to whoever loads them. */
final class LargeMessages {
    private LargeMessages() {}

    static List<Finding> findings(Session session) throws SQLException {
        try {
            return session.list(
                    SqlFile.LARGE_MESSAGES.sql(), row -> finding(row.getLong("elements"), row.getString("example")));
        } catch (SQLException e) {
            if (Retry.isAway(e)) {
                throw e;
            }
            return List.of(new Finding(
                    false,
                    "Large messages cannot be counted: " + Failure.sentence(e) + ".",
                    "See the other findings."));
        }
    }

    static Finding finding(long messages, String example) {
        return new Finding(
                false,
                String.format(Locale.ROOT, "%,d messages have more than 1 MB, e.g. %s.", messages, example),
                "They are migrated as they are. Pages with one are short and slow to load; above 5 MB the API shows its beginning.");
    }
}
