package history.chat.turn;

import history.auth.Caller;
import history.chat.model.ChatMessage;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where turns are kept: each method is one round trip, run as the caller. */
interface ChatStore {
    /**
     * A request that wants its turn.
     *
     * @param attempt names this try; whoever holds the turn writes its answer
     * @param newConversation what the conversation is called when nothing else gives it a name
     * @param newMessage likewise the message
     * @param key from the header {@code Idempotency-Key}
     * @param hash of the body that came with the key
     */
    record Wish(
            Question question,
            Attempt attempt,
            UUID newConversation,
            UUID newMessage,
            @Nullable String key,
            @Nullable String hash) {}

    /** What a request for a turn came to. */
    sealed interface Claim {
        /**
         * The caller of this method answers, and nobody else.
         *
         * @param history what was said before, oldest first, as much as the model may see
         */
        record Granted(Turn turn, List<ChatMessage> history) implements Claim {}

        /** It is answered already. */
        record Answered(Turn turn) implements Claim {}

        /** Somebody is answering just now. */
        record Busy() implements Claim {}

        /** No such conversation, or not the caller's. */
        record Missing() implements Claim {}

        /** There is no message of the user's that could be regenerated. */
        record Nothing() implements Claim {}

        /** Only the last message can be changed or regenerated. */
        record NotLast() implements Claim {}

        /** The idempotency key came with another body before. */
        record OtherRequest() implements Claim {}
    }

    /**
     * What is stored after the end of an attempt.
     *
     * @param ours false when another attempt has taken the turn up meanwhile
     */
    record Stored(Turn turn, boolean ours) {}

    /**
     * Stores the user's message and the place for its answer, or finds them; the same wish may come twice.
     *
     * @param messages how many messages may be in the history
     * @param characters how many characters it may have
     */
    Claim claim(Caller caller, Wish wish, int messages, int characters);

    /** Keeps what has arrived so far. */
    void flush(Caller caller, Turn turn, Attempt attempt, String text);

    /** Stores the end of an attempt, also twice; absent when the conversation has been deleted. */
    Optional<Stored> finish(Caller caller, Turn turn, Attempt attempt, Ending ending);
}
