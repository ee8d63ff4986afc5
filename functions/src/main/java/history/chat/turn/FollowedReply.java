package history.chat.turn;

import static history.failure.Failure.Kind.DATABASE_AWAY;
import static history.failure.Failure.Kind.FORBIDDEN;

import history.failure.Failure;
import history.http.Deadline;
import history.http.Problem;
import history.message.Message;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * An answer that another call is producing: first what has arrived, without the text that it had before it was continued, which is in
 * its parts; then whatever that call flushes to the database, until the end.
 *
 * @param turn the turn so far
 * @param look reads it again; absent when the conversation or the message has been deleted
 */
record FollowedReply(Turn turn, Supplier<Optional<Turn>> look, Deadline deadline) implements Reply {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration MARGIN = Duration.ofSeconds(2);

    @Override
    public Outcome deliver(Consumer<String> onDelta) {
        try {
            return follow(new Told(onDelta, had(turn.answer())));
        } catch (Failure failure) {
            if (failure.kind() == FORBIDDEN) {
                return new Outcome.Failed(Problem.forbidden(failure.message()));
            }
            failure.throwUnless(DATABASE_AWAY);
            return failed("The database cannot be reached; load the conversation again");
        }
    }

    private Outcome follow(Told told) {
        Turn now = turn;
        while (now.answer().isRunning()) {
            if (!told.upTo(now.answer().content())) {
                return changed();
            }
            if (deadline.remaining(MARGIN).isZero()) {
                return failed("The answer is still being made; ask for it again");
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
            Optional<Turn> next = look.get();
            if (next.isEmpty()) {
                return new Outcome.Failed(Problem.notFound(AnswerWriter.DELETED));
            }
            now = next.get();
        }
        return end(told, now);
    }

    private static Outcome end(Told told, Turn last) {
        if (!last.answer().isCompleted() && !last.answer().isStopped()) {
            String reason = last.answer().tree().path("reason").asText("The answer was cut off");
            return new Outcome.Failed(Problem.modelFailed(reason + "."), last.answer());
        }
        return told.upTo(last.answer().content()) ? new Outcome.Completed(last.answer(), last.title()) : changed();
    }

    /** The text from before it was continued. */
    private static String had(Message answer) {
        String text = answer.content();
        int characters = answer.tree().at("/attempt/before/characters").asInt();
        return text.substring(
                0, text.offsetByCodePoints(0, Math.clamp(characters, 0, text.codePointCount(0, text.length()))));
    }

    private static Outcome changed() {
        return failed("This message has been regenerated meanwhile; load the conversation again");
    }

    private static Outcome failed(String reason) {
        return new Outcome.Failed(Problem.modelFailed(reason + "."));
    }

    /** What has been sent to the client and cannot be taken back. */
    private static final class Told {
        private final Consumer<String> onDelta;
        private String text;

        Told(Consumer<String> onDelta, String text) {
            this.onDelta = onDelta;
            this.text = text;
        }

        /** Sends what is new; false when the text does not begin with what was sent. */
        boolean upTo(String longer) {
            boolean goesOn = longer.startsWith(text);
            if (goesOn && longer.length() > text.length()) {
                onDelta.accept(longer.substring(text.length()));
                text = longer;
            }
            return goesOn;
        }
    }
}
