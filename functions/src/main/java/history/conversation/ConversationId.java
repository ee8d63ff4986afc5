package history.conversation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How a caller names a conversation: by its UUID, or by the chat id that a client made and the UUID is derived from. */
sealed interface ConversationId {
    record Uuid(UUID value) implements ConversationId {}

    record Chat(String id) implements ConversationId {}

    default @Nullable UUID uuid() {
        return this instanceof Uuid uuid ? uuid.value() : null;
    }

    default @Nullable String chatId() {
        return this instanceof Chat chat ? chat.id() : null;
    }
}
