package history.conversation;

import history.http.HttpRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which conversation is meant, as the caller names it. */
public sealed interface ConversationRef {
    /** By its own id; one that is unknown and one that is not the caller's are the same to the caller. */
    record Existing(UUID id) implements ConversationRef {}

    /**
     * By the id that a client made for its chat, from which the UUID is derived; or by the UUID itself, which the client may
     * have found in the list. The chat begins with its first message.
     */
    record Chat(String id) implements ConversationRef {}

    /** A new one. */
    record New() implements ConversationRef {}

    /** The one that the path names, by its own id or by the client's. */
    static ConversationRef in(HttpRequest request) {
        return new Chat(request.pathText("id"));
    }

    /** The conversation's own id; a client may have a chat by that name, too. */
    default @Nullable UUID uuid() {
        return switch (this) {
            case Existing(var id) -> id;
            case Chat(var id) -> HttpRequest.uuid(id).orElse(null);
            case New() -> null;
        };
    }

    default @Nullable String chatId() {
        return this instanceof Chat chat ? chat.id() : null;
    }
}
