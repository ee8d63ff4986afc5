package history.chat.turn;

import static history.failure.Failure.Kind.DATABASE_AWAY;
import static java.util.Objects.requireNonNull;

import history.auth.Caller;
import history.chat.turn.Turns.Ended;
import history.failure.Failure;
import history.http.Problem;
import java.util.concurrent.locks.LockSupport;

/** Writes the answer of one attempt: what has arrived now and then, and its end for as long as there is time to try. */
final class AnswerWriter {
    private static final System.Logger LOG = System.getLogger(AnswerWriter.class.getName());
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final Caller caller;
    private final Turns turns;
    private final Turn turn;
    private final Attempt attempt;
    private String flushed = "";

    AnswerWriter(Caller caller, Turns turns, Turn turn, Attempt attempt) {
        this.caller = caller;
        this.turns = turns;
        this.turn = turn;
        this.attempt = attempt;
    }

    Turn turn() {
        return turn;
    }

    /** Keeps what has arrived since, if anything; false when nobody wants the rest. */
    boolean flush(String text) {
        boolean goesOn = turns.flush(caller, turn, text.length() > flushed.length() ? text : null);
        flushed = text;
        return goesOn;
    }

    Outcome finish(Ending ending) {
        try {
            return outcome(ending, finishInTime(ending));
        } catch (Failure failure) {
            failure.throwUnless(DATABASE_AWAY);
            LOG.log(System.Logger.Level.ERROR, "an answer could not be stored: " + failure.message());
            return new Outcome.Failed(Problem.unavailable(
                    "The answer could not be stored. Your message is; send it again to have it answered."));
        }
    }

    /** The database may be back in a moment; after the attempt's time another request answers instead. */
    private Ended finishInTime(Ending ending) {
        for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            try {
                return turns.finish(caller, turn, ending);
            } catch (Failure failure) {
                if (failure.kind() != DATABASE_AWAY || attempt.isOver()) {
                    throw failure;
                }
                LockSupport.parkNanos(pause * 1_000_000);
            }
        }
    }

    private static Outcome outcome(Ending ending, Ended ended) {
        if (ending.problem() != null) {
            return new Outcome.Failed(ending.problem());
        }
        return switch (ended.outcome()) {
            case STORED -> new Outcome.Completed(requireNonNull(ended.answer()), ended.title());
            case REPLACED -> new Outcome.Failed(Problem.conflict("Another request has taken this message up.", 1));
            case MISSING -> new Outcome.Failed(Problem.notFound());
        };
    }
}
