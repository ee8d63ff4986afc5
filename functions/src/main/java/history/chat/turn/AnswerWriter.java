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
    private static final String NOT_STORED =
            "The answer could not be stored. Your message is stored; send it again to get an answer.";
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
        } catch (Failure failure) {
            return switch (failure.kind()) {
                case DATABASE_AWAY -> lost(failure.message(), Problem.unavailable(NOT_STORED));
                case FORBIDDEN -> {
                    turns.abandon(caller, turn, attempt);
                    yield lost(failure.message(), Problem.forbidden(failure.message()));
                }
                case UNAUTHORIZED, GONE, LIMITED, INVALID, NOT_MIGRATED, KEYS_AWAY -> throw failure;
            };
        }
    }

    /** Retries until the attempt is over, since the database may be back in a moment. Afterwards another request may answer. */
    private Ended finishInTime(Ending ending) {
        for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            try {
                return turns.finish(caller, turn, attempt, ending);
            } catch (Failure failure) {
                if (failure.kind() != DATABASE_AWAY || attempt.isOver()) {
                    throw failure;
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
            case HIDDEN -> lost(HIDDEN_FROM_ITS_USER, Problem.internal());
        };
    }

    private static Outcome told(Ending ending, Ended ended) {
        return ending.problem() == null
                ? new Outcome.Completed(requireNonNull(ended.answer()), ended.title())
                : new Outcome.Failed(ending.problem(), ended.answer());
    }

    private Outcome lost(String reason, Problem problem) {
        RequestLog.current().put("answers_not_stored", 1);
        LOG.log(
                System.Logger.Level.ERROR,
                "the answer %s in conversation %s could not be stored: %s"
                        .formatted(turn.answer().id(), turn.conversationId(), reason));
        return failed(problem);
    }

    private static Outcome failed(Problem problem) {
        return new Outcome.Failed(problem);
    }
}
