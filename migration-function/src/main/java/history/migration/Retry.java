package history.migration;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Which failures are temporary, and how long to wait. */
final class Retry {
    static final int ATTEMPTS = 120;
    private static final long LONGEST_PAUSE = 3_000;

    /** lock_not_available, deadlock_detected, serialization_failure. */
    private static final Set<String> LOCKED = Set.of("55P03", "40P01", "40001");

    /** The server ends a connection, starts, or has become a standby, as in a failover. */
    private static final Set<String> AWAY = Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "25006", "53300");

    private Retry() {}

    static boolean isLocked(SQLException e) {
        return LOCKED.contains(String.valueOf(e.getSQLState()));
    }

    static boolean isAway(SQLException e) {
        var state = String.valueOf(e.getSQLState());
        return state.startsWith("08") || AWAY.contains(state);
    }

    /** Longer with every attempt, and random, so that two runs do not wait for the same time. */
    static void pauseAfter(int attempt) {
        var longest = Math.min(LONGEST_PAUSE, 50L << Math.min(attempt, 10));
        pause(Duration.ofMillis(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2)));
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
