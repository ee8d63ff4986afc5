package history.chat.turn;

import java.util.Map;
import java.util.function.Consumer;

/** The answer to a message: stored before, produced while it is delivered, or being produced by another call. */
public interface Reply {
    Turn turn();

    /** The header fields of the response that tell of this turn. */
    default Map<String, String> headers() {
        return Map.of();
    }

    /**
     * Delivers the answer piece by piece and returns at its end; never throws for a failure of the model or
     * the database.
     *
     * @param onDelta pieces of whole characters, none empty
     */
    Outcome deliver(Consumer<String> onDelta);
}
