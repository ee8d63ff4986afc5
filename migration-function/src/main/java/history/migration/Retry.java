package history.migration;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Asks for a lock briefly and often, so that nobody queues behind the question for long. */
final class Retry {
    private static final int ATTEMPTS = 120;
    private static final long LONGEST_PAUSE = 3_000;

    /** Something that may wait for a lock. */
    @FunctionalInterface
    interface Attempt {
        String run() throws SQLException;
    }

    private Retry() {}

    static String patiently(Attempt attempt) throws SQLException {
        for (var tries = 1; ; tries++) {
            try {
                return attempt.run();
            } catch (SQLException e) {
                if (!isLocked(e) || tries == ATTEMPTS) {
                    throw e;
                }
                var longest = Math.min(LONGEST_PAUSE, 50L << Math.min(tries, 10));
                pause(Duration.ofMillis(
                        longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2)));
            }
        }
    }

    /** lock_not_available, deadlock_detected. */
    static boolean isLocked(SQLException e) {
        return "55P03".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
