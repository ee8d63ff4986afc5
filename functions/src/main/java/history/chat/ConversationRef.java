package history.chat;

import history.http.HttpRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which conversation a message is for. */
sealed interface ConversationRef {
    /** One that is there already; unknown and not the caller's are the same to the caller. */
    record Existing(UUID id) implements ConversationRef {}

    /** The chat of a client that makes its own ids; it begins with its first message. */
    record Chat(String id) implements ConversationRef {}

    /** A new one. */
    record New() implements ConversationRef {}

    /** The conversation's own id; a client may have a chat by that name, too. */
    default @Nullable UUID uuid() {
        return switch (this) {
            case Existing(var id) -> id;
            case Chat chat -> HttpRequest.uuid(chat.id()).orElse(null);
            case New _ -> null;
        };
    }

    default @Nullable String chatId() {
        return this instanceof Chat chat ? chat.id() : null;
    }
}
