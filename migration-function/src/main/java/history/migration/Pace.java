package history.migration;

import java.sql.SQLException;

/** How much one commit does: as much as would take a quarter of a second, by the time that the one before took. */
final class Pace {
    private static final int MOST = 2_000;
    private static final double AIM_SECONDS = 0.25;

    private int size = 20;
    private double longest;

    /** One commit of so many conversations. */
    @FunctionalInterface
    interface Batch<T> {
        T run(int conversations) throws SQLException, Stop;
    }

    <T> T measured(Batch<T> batch) throws SQLException, Stop {
        var begun = System.nanoTime();
        var done = batch.run(size);
        var seconds = (System.nanoTime() - begun) / 1e9;
        longest = Math.max(longest, seconds);
        size = (int) Math.clamp(size * Math.clamp(AIM_SECONDS / seconds, 0.25, 2.0), 1, MOST);
        return done;
    }

    double longest() {
        return longest;
    }
}
