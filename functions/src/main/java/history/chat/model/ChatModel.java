package history.chat.model;

/** A language model that answers a conversation piece by piece. */
public interface ChatModel {

    /**
     * Blocks until the answer is complete and returns it; its text is that of the transcript.
     *
     * <p>Returns or throws soon after {@link Prompt#timeLimit()}, or when the transcript is stopped, however silent or slow the
     * model is. What had arrived before a failure is in the transcript. Safe for use by several threads.
     *
     * @param transcript gets each piece of text as it arrives, on the calling thread; what it throws ends the call
     * @throws ModelFailure when there is no complete answer
     */
    Completion answer(Prompt prompt, Transcript transcript);

    /** Does once what comes before a request, and sends none; whether there is anything. */
    default boolean prime() {
        return false;
    }
}
