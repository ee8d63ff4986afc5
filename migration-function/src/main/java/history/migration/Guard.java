package history.migration;

import java.sql.SQLException;
import java.util.List;

/** Makes the catalogue what it must be, one difference a transaction, and names what a person must decide. */
record Guard(Session session) {
    private static final String TO_MEND =
            "select object, finding, mend from history.differences(?) where mend is not null";
    private static final String REST =
            "select object, finding, remedy, blocks from history.differences(?) where mend is null";
    private static final int PASSES = 8;

    private record Difference(String object, String finding, String mend) {}

    /**
     * Mends until nothing is left to mend: some things take several steps.
     *
     * @param target the phase
     */
    String make(String target) throws SQLException {
        var mended = 0;
        for (var pass = 1; ; pass++) {
            var differences = session.list(
                    TO_MEND, row -> new Difference(row.getString(1), row.getString(2), row.getString(3)), target);
            if (differences.isEmpty()) {
                return mended == 0 ? "nothing to mend" : "mended: " + mended;
            }
            if (pass > PASSES) {
                var first = differences.getFirst();
                throw new SQLException(
                        "%s: %s, and this did not mend it: %s".formatted(first.object, first.finding, first.mend));
            }
            for (var difference : differences) {
                mend(difference.mend);
                mended++;
            }
        }
    }

    private void mend(String statement) throws SQLException {
        if (statement.contains(" concurrently ")) {
            // It waits for every older transaction, and while it does nobody waits for it.
            session.execute("set lock_timeout = 0");
            try {
                session.execute(statement);
            } finally {
                session.execute("set lock_timeout = '500ms'");
            }
        } else {
            Retry.patiently(() -> {
                session.execute(statement);
                return "";
            });
        }
    }

    List<Finding> rest(String target) throws SQLException {
        return session.list(
                REST,
                row -> new Finding(row.getBoolean(4), row.getString(1) + ": " + row.getString(2), row.getString(3)),
                target);
    }
}
