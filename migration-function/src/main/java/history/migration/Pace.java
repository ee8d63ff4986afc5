package history.migration;

import java.sql.SQLException;
import java.time.Duration;

/** How much one commit does: as much as would take a quarter of a second, by the time that the one before took; and none while a standby is behind. */
final class Pace {
    private static final int MOST = 2_000;
    private static final double AIM_SECONDS = 0.25;
    private static final Duration A_WHILE = Duration.ofSeconds(1);

    private final Run run;
    private int size = 20;
    private double longest;

    /** One commit of so many conversations. */
    @FunctionalInterface
    interface Batch<T> {
        T run(int conversations) throws SQLException, Stop;
    }

    Pace(Run run) {
        this.run = run;
    }

    <T> T measured(Batch<T> batch) throws SQLException, Stop {
        letStandbysCatchUp();
        var begun = System.nanoTime();
        var done = batch.run(size);
        var seconds = (System.nanoTime() - begun) / 1e9;
        longest = Math.max(longest, seconds);
        size = (int) Math.clamp(size * Math.clamp(AIM_SECONDS / seconds, 0.25, 2.0), 1, MOST);
        return done;
    }

    /** What a commit adds, a standby that is behind would have to catch up with too. */
    private void letStandbysCatchUp() throws SQLException, Stop {
        var told = "";
        for (var behind = behind(); !behind.isEmpty(); behind = behind()) {
            if (!behind.equals(told)) {
                Log.line("Yields to what is more than 30 s behind: " + behind);
                told = behind;
            }
            if (run.timeLeft().isShort()) {
                throw Stop.outOfTime("yields to what is more than 30 s behind: " + behind);
            }
            run.lease().beat();
            Retry.pause(A_WHILE);
        }
    }

    private String behind() throws SQLException {
        return run.session().text("select history.standbys_behind()");
    }

    double longest() {
        return longest;
    }
}
