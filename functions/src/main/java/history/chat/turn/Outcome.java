package history.chat.turn;

import history.http.Problem;
import history.message.Message;
import org.jspecify.annotations.Nullable;

/** What became of a turn. */
public sealed interface Outcome {
    /** The answer is stored: all of it, or what had arrived when it was stopped. */
    record Completed(Message answer, String title) implements Outcome {}

    /**
     * There is no complete answer; the user's message is stored all the same.
     *
     * @param answer as far as it is stored
     */
    record Failed(Problem problem, @Nullable Message answer) implements Outcome {
        public Failed(Problem problem) {
            this(problem, null);
        }
    }
}
