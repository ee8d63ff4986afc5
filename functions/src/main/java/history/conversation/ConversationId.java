package history.conversation;

import history.http.HttpRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How a caller names a conversation: by its UUID, or as a client does that makes chat ids of its own. */
sealed interface ConversationId {
    record Uuid(UUID value) implements ConversationId {}

    /** The id that the UUID is derived from; or the UUID itself, of a conversation that the client has found in the list. */
    record Chat(String id) implements ConversationId {}

    default @Nullable UUID uuid() {
        return switch (this) {
            case Uuid(var value) -> value;
            case Chat(var id) -> HttpRequest.uuid(id).orElse(null);
        };
    }

    default @Nullable String chatId() {
        return this instanceof Chat chat ? chat.id() : null;
    }
}
