package history.migration;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Elements that have something in common, and one of them.
 *
 * @param name why they cannot be messages; null: they can
 */
record Reason(@Nullable String name, long elements, String example) {
    static Reason read(ResultSet row) throws SQLException {
        return new Reason(row.getString("reason"), row.getLong("elements"), row.getString("example"));
    }

    static long sum(List<Reason> reasons) {
        return reasons.stream().mapToLong(Reason::elements).sum();
    }

    /** As "5 role_unknown (e.g. element 3 of conversation …), 2 …". */
    static String words(List<Reason> reasons) {
        return reasons.stream()
                .map(it -> String.format(Locale.ROOT, "%,d %s (e.g. %s)", it.elements, it.name, it.example))
                .collect(Collectors.joining(", "));
    }
}
