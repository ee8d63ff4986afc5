package history.chat.model;

import java.util.function.Consumer;

/** A language model that answers a conversation piece by piece. */
public interface ChatModel {

    /**
     * Blocks until the answer is complete and returns it; the text of all deltas put together is {@link Completion#text()}.
     *
     * <p>Returns or throws soon after {@link Prompt#timeLimit()}, however silent or slow the model is, and never calls the
     * model a second time. A failure says nothing of what had arrived: that is what {@code onDelta} has seen. Safe for use by
     * several threads.
     *
     * @param onDelta gets each non-empty piece of text as it arrives, on the calling thread; what it throws ends the call
     * @throws ModelFailure when there is no complete answer
     */
    Completion answer(Prompt prompt, Consumer<String> onDelta);
}
