package history.chat.turn;

import history.conversation.Message;
import history.http.Problem;

/** What became of a turn. */
public sealed interface Outcome {
    /** The answer is stored: all of it, or what had arrived when it was stopped. */
    record Completed(Message answer, String title) implements Outcome {}

    /** There is no complete answer; the user's message is stored all the same. */
    record Failed(Problem problem) implements Outcome {}
}
