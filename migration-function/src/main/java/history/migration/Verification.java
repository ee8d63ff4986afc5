package history.migration;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rebuilds every array from its rows and compares. */
record Verification(Run run) {
    private static final String RESUMED =
            "select nullif(backfilled_to, '00000000-0000-0000-0000-000000000000')::text from history.state";
    private static final String BATCH = "select * from history.verify_batch(?, 500, 8388608)";

    private record Batch(long checked, @Nullable UUID reached, List<UUID> differing) {}

    /** All in one run, because the next step relies on it. */
    String whole() throws SQLException, Stop {
        run.journal().findings(Quarantine.findings(run.session(), true));
        return compare(null, false);
    }

    /** Continues where the call before ran out of time. */
    String resumed() throws SQLException, Stop {
        var reached = run.session().text(RESUMED);
        return compare(reached.isEmpty() ? null : UUID.fromString(reached), true);
    }

    static List<Finding> mislabelled(Session session) throws SQLException {
        return session.findings("""
                select true as blocks, format('Lists by label do not show the labels of %s conversations as they are: %s',
                    cardinality(ids), array_to_string(ids[:10], ', ')) as finding, 'Run migrate: it mends them.' as remedy
                from history.mislabelled() ids where ids <> '{}'""");
    }

    private String compare(@Nullable UUID from, boolean resumes) throws SQLException, Stop {
        var conversations = run.session().number("select count(*) from public.conversations");
        var progress = new ProgressBar("verify", conversations);
        var differing = new ArrayList<UUID>();
        var after = from;
        var checked = 0L;
        while (true) {
            var batch = next(after);
            differing.addAll(batch.differing());
            if (batch.reached() == null) {
                break;
            }
            after = batch.reached();
            checked += batch.checked();
            progress.reached(checked);
            run.lease().beat();
            if (run.timeLeft().isShort()) {
                throw outOfTime(resumes && differing.isEmpty() ? after : null, checked, differing.size());
            }
        }
        if (!differing.isEmpty()) {
            var first = differing.stream().limit(10).map(UUID::toString).collect(Collectors.joining(", "));
            throw Stop.failed("%d conversations differ from their rows: %s".formatted(differing.size(), first));
        }
        return "%,d conversations compared, none differs".formatted(conversations);
    }

    private Batch next(@Nullable UUID after) throws SQLException {
        return run.session()
                .one(
                        BATCH,
                        row -> new Batch(row.getLong("checked"), row.getObject("reached", UUID.class), List.of((UUID[])
                                row.getArray("differing").getArray())),
                        after);
    }

    private Stop outOfTime(@Nullable UUID reached, long checked, int differing) throws SQLException {
        var done = "%,d conversations compared, %d differ".formatted(checked, differing);
        if (reached == null) {
            return Stop.failed(done + ", and the time is up: run it on a command line, which has no time limit");
        }
        run.session().number("update history.state set backfilled_to = ? returning 1", reached);
        return Stop.outOfTime(done);
    }
}
