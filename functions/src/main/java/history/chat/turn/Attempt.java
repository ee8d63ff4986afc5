package history.chat.turn;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * One try to have a message answered.
 *
 * @param id whoever writes the answer shows it
 * @param modelTime how long the model may take, from the beginning of the attempt
 * @param over when nobody believes in this attempt any more
 */
record Attempt(UUID id, Duration modelTime, Instant over) {
    /** What is kept back of the time for storing the answer, with a database that has to be waited for. */
    private static final Duration STORING = Duration.ofSeconds(5);

    /** What is kept back of the call's time for the answer to who asked. */
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

    /** What the model has of it by now: a database that was slow has had its part. */
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
