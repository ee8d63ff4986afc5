package history.chat.turn;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * One try at an answer.
 *
 * @param id of the answer's row, unless it continues one; only the attempt with this id may write it
 * @param modelTime how long the model may take, from the beginning of the attempt
 * @param over when the attempt's time is over
 */
record Attempt(UUID id, Duration modelTime, Instant over) {
    /** The time that is reserved for storing the answer, in case the database is slow. */
    private static final Duration STORING = Duration.ofSeconds(5);

    /** The part of the call's time that is reserved for sending the response. */
    private static final Duration ANSWERING = Duration.ofSeconds(1);

    private static final Duration LEAST = Duration.ofSeconds(1);

    static Attempt within(Duration modelLimit, history.http.Deadline deadline) {
        Duration left = deadline.remaining(STORING);
        Duration time = left.compareTo(modelLimit) < 0 ? left : modelLimit;
        Duration modelTime = time.compareTo(LEAST) < 0 ? LEAST : time;
        Duration most = deadline.remaining(ANSWERING);
        Duration all = modelTime.plus(STORING);
        return new Attempt(UUID.randomUUID(), modelTime, Instant.now().plus(all.compareTo(most) < 0 ? all : most));
    }

    /** The time that is left for the model, less if the claim was slow. */
    Duration modelTimeLeft() {
        Duration left = Duration.between(Instant.now(), over).minus(STORING);
        return left.compareTo(LEAST) < 0 ? LEAST : left;
    }

    Duration lease() {
        return modelTime.plus(STORING);
    }

    boolean isOver() {
        return Instant.now().isAfter(over);
    }
}
