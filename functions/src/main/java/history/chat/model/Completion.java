package history.chat.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A complete answer.
 *
 * @param text may be empty: some models answer with nothing; without U+0000 and lone surrogates
 * @param usage null when the model did not tell
 * @param model as the provider names the one that answered, which may be more exact than what was asked for
 */
public record Completion(
        String text, FinishReason finishReason, @Nullable TokenUsage usage, String model) {

    /** Why the model stopped. */
    public enum FinishReason {
        /** It had said all. */
        STOP,
        /** It ran into the limit of tokens; the text is cut off. */
        LENGTH,
        /** It, or a filter before it, declined to go on. */
        REFUSED,
        /** It wanted something that is not offered here, such as a tool. */
        OTHER;

        /** As stored and sent: {@code stop}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Tokens read and written, as counted by the provider. */
    public record TokenUsage(int input, int output) {}
}
