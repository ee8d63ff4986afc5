package history.chat.turn;

import com.fasterxml.jackson.databind.node.ArrayNode;
import history.conversation.ConversationRef;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants of a chat, in whichever dialect it was said.
 *
 * @param said the user's message; null only with {@link Trigger#REGENERATE}: the last one, as it is stored
 * @param target the message that is edited or answered anew, when the client names it
 * @param earlier the client's list before the message, {@code [{id, role, …}]}: where it stands
 */
public record Question(
        ConversationRef conversation,
        Trigger trigger,
        @Nullable Said said,
        @Nullable String target,
        ArrayNode earlier,
        ModelOptions options) {

    /** What the message is sent for. */
    public enum Trigger {
        /** To be answered; the same message again is a retry. */
        SUBMIT,
        /** To be answered once more: regenerated. */
        REGENERATE,
        /** An answer, the target, goes on with the results of tools that the client has run: what was said is that answer. */
        CONTINUE
    }
}
