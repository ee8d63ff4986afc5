package history.chat.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A complete answer.
 *
 * @param text may be empty: some models answer nothing. Has no U+0000 and no lone surrogates
 * @param usage null when the provider did not send it
 * @param model the provider's name of the model that answered, which may be more exact than the name in the request
 */
public record Completion(
        String text, FinishReason finishReason, @Nullable TokenUsage usage, String model) {

    /** Why the model stopped. */
    public enum FinishReason {
        /** The answer is complete. */
        STOP,
        /** It reached the token limit; the text is cut off. */
        LENGTH,
        /** It, or a filter before it, declined to go on. */
        REFUSED,
        /** It asked for something that is not supported here, such as a tool. */
        OTHER;

        /** As stored and sent: {@code stop}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Tokens read and written, as counted by the provider. */
    public record TokenUsage(int input, int output) {}
}
