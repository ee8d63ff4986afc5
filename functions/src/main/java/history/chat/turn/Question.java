package history.chat.turn;

import com.fasterxml.jackson.databind.node.ArrayNode;
import history.conversation.ConversationRef;
import history.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks of a chat, in whichever dialect.
 *
 * @param said the user's message; null only with {@link Trigger#REGENERATE}: the last one, as it is stored
 * @param target the message that is edited or regenerated, when the client names it
 * @param earlier the client's list before the message, {@code [{id, role, …}]}, which tells the client's position
 */
public record Question(
        ConversationRef conversation,
        Trigger trigger,
        @Nullable Said said,
        @Nullable String target,
        ArrayNode earlier,
        ModelOptions options) {
    /** A text that is to be answered. */
    public Question(ConversationRef conversation, String text, ModelOptions options) {
        this(
                conversation,
                Trigger.SUBMIT,
                new Said(null, text, null, null),
                null,
                Json.MAPPER.createArrayNode(),
                options);
    }

    /** What is to be done with the message. */
    public enum Trigger {
        /** Answer it; the same message again is a retry. */
        SUBMIT,
        /** Answer it again. */
        REGENERATE,
        /** Continue an answer, the target, with the results of tools that the client has run; the message is that answer. */
        CONTINUE
    }
}
