package history.migration;

import java.sql.SQLException;
import java.util.List;

/** Repairs the catalogue, one difference per transaction, and reports what a person must decide. */
record Guard(Run run) {
    private static final String TO_MEND =
            "select object, finding, mend from history.differences(?) where mend is not null";
    private static final int PASSES = 8;

    private record Difference(String object, String finding, String mend) {}

    /** Repairs until nothing is left: some differences take several steps. */
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
                throw Stop.failed("%s: %s, and this statement did not fix it: %s"
                        .formatted(first.object, first.finding, first.mend));
            }
            for (var difference : differences) {
                for (var part : difference.mend.split(";\n", -1)) {
                    run.patiently(it -> mend(part));
                }
                mended++;
            }
        }
    }

    /** Before the definitions, because the functions that are called in the meantime may be of either version. */
    void makeKnowBothPaths() throws SQLException, Stop {
        for (var statement : run.session().list(SqlFile.text("upgrade/know_both_paths.sql"), row -> row.getString(1))) {
            run.patiently(it -> mend(statement));
        }
    }

    /** Before the definitions, which use the columns, and in a transaction of its own, so that writers wait for nothing else. */
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

    /** The differences; after a repair, those that are left for a person. */
    static List<Finding> gate(Session session) throws SQLException {
        return session.findings("select d.blocks, d.object || ': ' || d.finding as finding, d.remedy from (%s) d"
                .formatted(SqlFile.text("check/catalogue.sql")));
    }
}
