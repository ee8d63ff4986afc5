package history.migration;

import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rebuilds every array from its rows and compares. */
record Verification(Session session, Lease lease, Deadline deadline) {
    static final UUID START = new UUID(0, 0);
    private static final String BATCH = "select * from history.verify_batch(?, 500, 8388608)";

    private record Batch(long checked, @Nullable UUID reached, List<String> differing) {}

    /**
     * Conversations whose array is not what their rows give.
     *
     * @param resumes whether a call that runs out of time is continued by the next one
     */
    List<String> differing(long conversations, boolean resumes) throws SQLException, Journal.OutOfTime {
        var progress = new Progress("verify", conversations);
        var differing = new ArrayList<String>();
        var after = resumes ? UUID.fromString(session.text("select backfilled_to::text from history.state")) : START;
        var checked = 0L;
        while (true) {
            var batch = session.one(
                    BATCH,
                    row -> new Batch(
                            row.getLong("checked"),
                            row.getObject("reached", UUID.class),
                            ids(row.getArray("differing"))),
                    after);
            differing.addAll(batch.differing());
            if (batch.reached() == null) {
                return differing;
            }
            after = batch.reached();
            checked += batch.checked();
            progress.reached(checked);
            lease.beat();
            if (deadline.isNear()) {
                if (resumes && differing.isEmpty()) {
                    session.number("update history.state set backfilled_to = ? returning 1", after);
                }
                throw new Journal.OutOfTime(
                        "%,d conversations compared, %d differ".formatted(checked, differing.size()));
            }
        }
    }

    private static List<String> ids(Array array) throws SQLException {
        return Arrays.stream((Object[]) array.getArray()).map(Object::toString).toList();
    }
}
