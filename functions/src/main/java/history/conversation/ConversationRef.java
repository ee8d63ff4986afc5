package history.conversation;

import history.http.HttpRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which conversation is meant, as the caller names it. */
public sealed interface ConversationRef {
    /** By its own id. To a caller, an unknown id and an id of somebody else look the same. */
    record Existing(UUID id) implements ConversationRef {}

    /**
     * By the client's own id of its chat, from which the UUID is derived; or by the UUID itself, which the client may
     * have from a list. The first message creates the conversation.
     */
    record Chat(String id) implements ConversationRef {}

    /** A new one. */
    record New() implements ConversationRef {}

    /** The conversation in the path, by its own id or the client's. */
    static ConversationRef in(HttpRequest request) {
        return new Chat(request.pathText("id"));
    }

    /** The conversation's own id, if it is a UUID; it may be the client's id of a chat, too. */
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
