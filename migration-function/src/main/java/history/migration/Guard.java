package history.migration;

import java.sql.SQLException;
import java.util.List;

/** Makes the catalogue what it must be, one difference a transaction, and names what a person must decide. */
record Guard(Run run) {
    private static final String TO_MEND =
            "select object, finding, mend from history.differences(?) where mend is not null";
    private static final int PASSES = 8;

    private record Difference(String object, String finding, String mend) {}

    /** Mends until nothing is left to mend: some things take several steps. */
    String make(Phase target) throws SQLException, Stop {
        var session = run.session();
        var mended = 0;
        for (var pass = 1; ; pass++) {
            var differences = session.list(
                    TO_MEND, it -> new Difference(it.getString(1), it.getString(2), it.getString(3)), target.word());
            if (differences.isEmpty()) {
                return mended == 0 ? "nothing to mend" : "mended: " + mended;
            }
            if (pass > PASSES) {
                var first = differences.getFirst();
                throw Stop.failed(
                        "%s: %s, and this did not mend it: %s".formatted(first.object, first.finding, first.mend));
            }
            for (var difference : differences) {
                run.patiently(it -> mend(difference.mend));
                mended++;
            }
        }
    }

    /** Before the definitions: what is called in the meantime may be either version's. */
    void makeKnowBothPaths() throws SQLException, Stop {
        for (var statement : run.session().list(SqlFile.text("upgrade/know_both_paths.sql"), row -> row.getString(1))) {
            run.patiently(it -> mend(statement));
        }
    }

    /** Before the definitions, which know the columns, and in a transaction of its own: who writes meanwhile waits for nothing else. */
    void addColumns() throws SQLException, Stop {
        if (run.session().phase() != Phase.NONE) {
            run.patiently(it -> mend(SqlFile.text("steps/add_columns.sql")));
        }
    }

    private String mend(String statement) throws SQLException {
        if (statement.contains(" concurrently ")) {
            run.withoutHurry(statement);
        } else {
            run.session().execute(statement);
        }
        return "";
    }

    /** What is not as it must be; after mending, what is left for a person. */
    static List<Finding> gate(Session session) throws SQLException {
        return session.findings("select d.blocks, d.object || ': ' || d.finding as finding, d.remedy from (%s) d"
                .formatted(SqlFile.text("check/catalogue.sql")));
    }
}
