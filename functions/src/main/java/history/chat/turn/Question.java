package history.chat.turn;

import com.fasterxml.jackson.databind.node.ObjectNode;
import history.conversation.ConversationRef;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants of a chat, in whichever dialect it was said.
 *
 * @param messageId the client's own id of the user's message, when it made one
 * @param text the user's message; null only with {@link Trigger#REGENERATE}: the last one, as it is stored
 * @param metadata what the client wants kept with the user's message
 */
public record Question(
        ConversationRef conversation,
        Trigger trigger,
        @Nullable String messageId,
        @Nullable String text,
        @Nullable ObjectNode metadata,
        ModelOptions options) {

    /** What the message is sent for. */
    public enum Trigger {
        /** To be answered; the same message again is a retry. */
        SUBMIT,
        /** To be answered once more: regenerated. */
        REGENERATE
    }
}
