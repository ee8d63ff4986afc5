package history.chat.turn;

import java.util.function.Consumer;

/** The answer to a message: stored long ago, made while it is delivered, or made by another function just now. */
public interface Reply {
    Turn turn();

    /** Whether an earlier request had this answer made. */
    default boolean isReplay() {
        return false;
    }

    /**
     * Gives the answer piece by piece and returns when it has come to its end; never throws for a failure of the model or
     * the database.
     *
     * @param onDelta pieces of whole characters, none empty
     */
    Outcome deliver(Consumer<String> onDelta);
}
