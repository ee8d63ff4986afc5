package history.chat.turn;

import static history.failure.Failure.Kind.DATABASE_AWAY;
import static history.failure.Failure.Kind.NOT_MIGRATED;

import history.auth.Caller;
import history.chat.turn.ChatStore.Stored;
import history.failure.Failure;
import history.http.Problem;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Writes the answer of one attempt: what has arrived now and then, and its end for as long as there is time to try. */
final class AnswerWriter {
    private static final System.Logger LOG = System.getLogger(AnswerWriter.class.getName());
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final Caller caller;
    private final ChatStore store;
    private final ChatStore otherwise;
    private final Turn turn;
    private final Attempt attempt;
    private String flushed = "";

    /** Writes to {@code otherwise} when the tables of the store are gone: somebody rolled the migration back. */
    AnswerWriter(Caller caller, ChatStore store, ChatStore otherwise, Turn turn, Attempt attempt) {
        this.caller = caller;
        this.store = store;
        this.otherwise = otherwise;
        this.turn = turn;
        this.attempt = attempt;
    }

    Turn turn() {
        return turn;
    }

    /** Does nothing unless something has arrived since. */
    void flush(String text) {
        if (text.length() > flushed.length()) {
            store.flush(caller, turn, attempt, text);
            flushed = text;
        }
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
    private Optional<Stored> finishInTime(Ending ending) {
        for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            try {
                return finishOnce(ending);
            } catch (Failure failure) {
                if (failure.kind() != DATABASE_AWAY || attempt.isOver()) {
                    throw failure;
                }
                LockSupport.parkNanos(pause * 1_000_000);
            }
        }
    }

    private Optional<Stored> finishOnce(Ending ending) {
        try {
            return store.finish(caller, turn, attempt, ending);
        } catch (Failure failure) {
            failure.throwUnless(NOT_MIGRATED);
            return otherwise.finish(caller, turn, attempt, ending);
        }
    }

    private static Outcome outcome(Ending ending, Optional<Stored> stored) {
        if (ending.problem() != null) {
            return new Outcome.Failed(ending.problem());
        }
        if (stored.isEmpty()) {
            return new Outcome.Failed(Problem.notFound());
        }
        Turn turn = stored.get().turn();
        return stored.get().ours()
                ? new Outcome.Completed(turn.answer(), turn.title())
                : new Outcome.Failed(Problem.conflict("Another request has taken this message up.", 1));
    }
}
