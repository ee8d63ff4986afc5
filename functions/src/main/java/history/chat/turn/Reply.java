package history.chat.turn;

import java.util.function.Consumer;

/** The answer to a message: stored before, produced while it is delivered, or being produced by another call. */
public interface Reply {
    Turn turn();

    /** Whether the answer was stored by an earlier request. */
    default boolean isReplay() {
        return false;
    }

    /**
     * Delivers the answer piece by piece and returns at its end; never throws for a failure of the model or
     * the database.
     *
     * @param onDelta pieces of whole characters, none empty
     */
    Outcome deliver(Consumer<String> onDelta);
}
