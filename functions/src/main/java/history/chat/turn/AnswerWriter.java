package history.chat.turn;

import static history.failure.Failure.Kind.DATABASE_AWAY;
import static history.failure.Failure.Kind.FORBIDDEN;
import static java.util.Objects.requireNonNull;

import history.auth.Caller;
import history.chat.turn.Turns.Ended;
import history.failure.Failure;
import history.http.Problem;
import history.log.RequestLog;
import java.util.concurrent.locks.LockSupport;

/** Stores the answer of one attempt: what has arrived, from time to time, and the end, retried while there is time. */
final class AnswerWriter {
    private static final System.Logger LOG = System.getLogger(AnswerWriter.class.getName());
    private static final String SEND_AGAIN = "Your message is stored; send it again to get an answer";
    static final String HIDDEN_FROM_ITS_USER =
            "the policies hide a conversation from its own user: status says which are missing,"
                    + " and migrate makes them again";
    static final String DELETED =
            "The conversation or this message is not there any more: deleted, or overwritten by another application.";
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final Caller caller;
    private final Turns turns;
    private final Turn turn;
    private final Attempt attempt;
    private final String before;
    private String flushed = "";

    AnswerWriter(Caller caller, Turns turns, Turn turn, Attempt attempt) {
        this.caller = caller;
        this.turns = turns;
        this.turn = turn;
        this.attempt = attempt;
        this.before = turn.answer().content();
    }

    Turn turn() {
        return turn;
    }

    /** Stores what has arrived since the last flush, if anything; false when the attempt was stopped or the caller lost access. */
    boolean flush(String text) {
        try {
            boolean goesOn =
                    turns.flush(caller, turn, attempt, text.length() > flushed.length() ? before + text : null);
            flushed = text;
            return goesOn;
        } catch (Failure failure) {
            failure.throwUnless(FORBIDDEN);
            return false;
        }
    }

    Outcome finish(Ending ending) {
        try {
            return outcome(ending, finishInTime(ending.after(before)));
        } catch (RuntimeException failure) {
            return lost(failure);
        }
    }

    /**
     * Retries until the attempt is over, since the database may be back in a moment. Afterwards another request may answer. What
     * is thrown then tells more than that there is no time.
     */
    private Ended finishInTime(Ending ending) {
        Failure last = null;
        for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            try {
                return turns.finish(caller, turn, attempt, ending);
            } catch (Failure failure) {
                last = last == null || failure.getCause() != null ? failure : last;
                if (failure.kind() != DATABASE_AWAY || attempt.isOver()) {
                    throw last;
                }
                LockSupport.parkNanos(pause * 1_000_000);
            }
        }
    }

    private Outcome outcome(Ending ending, Ended ended) {
        return switch (ended.outcome()) {
            case STORED -> told(ending, ended);
            case REPLACED ->
                failed(
                        ending.problem() == null
                                ? Problem.conflict("Another request is answering this message.", 1)
                                : ending.problem());
            case MISSING -> failed(Problem.notFound(DELETED));
            case HIDDEN -> throw new IllegalStateException(HIDDEN_FROM_ITS_USER);
        };
    }

    private static Outcome told(Ending ending, Ended ended) {
        return ending.problem() == null
                ? new Outcome.Completed(requireNonNull(ended.answer()), ended.title())
                : new Outcome.Failed(ending.problem(), ended.answer());
    }

    /** Only of an outage is it unknown what was stored; after all else the attempt is over, and its row shall say so. */
    private Outcome lost(RuntimeException failure) {
        var kind = failure instanceof Failure known ? known.kind() : null;
        if (kind != DATABASE_AWAY) {
            abandon(failure);
        }
        RequestLog.current().put("answers_not_stored", 1);
        LOG.log(
                System.Logger.Level.ERROR,
                "the answer %s in conversation %s could not be stored: %s"
                        .formatted(turn.answer().id(), turn.conversationId(), failure.getMessage()),
                failure);
        return failed(
                kind == DATABASE_AWAY
                        ? Problem.unavailable("The answer may not be stored. " + SEND_AGAIN + ".")
                        : kind == FORBIDDEN
                                ? Problem.forbidden(String.valueOf(failure.getMessage()))
                                : Problem.internal("The answer could not be stored. " + SEND_AGAIN));
    }

    private void abandon(RuntimeException because) {
        try {
            turns.abandon(caller, turn, attempt);
        } catch (RuntimeException failure) {
            because.addSuppressed(failure);
        }
    }

    private static Outcome failed(Problem problem) {
        return new Outcome.Failed(problem);
    }
}
