package history.migration;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/** Converts arrays to rows in small commits. */
record Backfill(Run run) {
    private static final String BATCH = "select * from history.backfill_batch(?, ?, ?)";
    private static final long MAX_BYTES = 8L << 20;
    private static final long MAX_SLICE = 8_000;
    private static final Duration A_MOMENT = Duration.ofMillis(50);

    private record Batch(long conversations, long elements, boolean more, String yieldsTo) {}

    String all() throws SQLException, Stop {
        var total = elements();
        var progress = new ProgressBar("backfill", total);
        var started = System.nanoTime();
        var pace = new Pace(run);
        var elements = 0L;
        var yielded = 0;
        var idle = 0;
        while (true) {
            if (run.timeLeft().isShort()) {
                throw Stop.outOfTime("%,d elements in this call".formatted(elements));
            }
            var batch = pace.measured(this::next);
            elements += batch.elements();
            run.lease().beat();
            if (!batch.more()) {
                break;
            }
            progress.reached(elements);
            if (!batch.yieldsTo().isEmpty()) {
                Log.line("The backfill yields to who waits for its locks: " + batch.yieldsTo());
                yielded++;
                Retry.pause(A_MOMENT);
            }
            // Counts passes in which everything left was locked by others.
            idle = batch.elements() + batch.conversations() > 0 ? 0 : idle + 1;
            if (idle > 1) {
                progress.reached(elements, "; what is left is locked by: " + run.holders(false));
                Retry.pause(Duration.ofMillis(Math.min(1_000, 20L * idle)));
            }
        }
        progress.reached(Math.max(total, elements));
        run.session().execute("""
                update history.state set backfilled_to = '00000000-0000-0000-0000-000000000000';
                select history.enter('backfilled')""");
        var perSecond = elements / Math.max(1e-3, (System.nanoTime() - started) / 1e9);
        return String.format(
                Locale.ROOT,
                "%,d elements, %,.0f/s, longest commit %.2f s, yielded %d times",
                elements,
                perSecond,
                pace.longest(),
                yielded);
    }

    private long elements() throws SQLException {
        new Inventory(run.session(), run.journal()).take();
        return run.journal().elements();
    }

    private Batch next(int conversations) throws SQLException {
        try {
            return run.session()
                    .one(
                            BATCH,
                            row -> new Batch(
                                    row.getLong("conversations"),
                                    row.getLong("elements"),
                                    row.getBoolean("more"),
                                    Objects.requireNonNullElse(row.getString("yields_to"), "")),
                            conversations,
                            MAX_BYTES,
                            MAX_SLICE);
        } catch (SQLException e) {
            if (Retry.isLocked(e)) {
                return new Batch(0, 0, true, "");
            }
            throw e;
        }
    }
}
