package history.conversation;

import history.http.HttpRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which conversation is meant, as the caller names it; a new one without either id. To a caller, an unknown id and an id of
 * somebody else look the same.
 *
 * @param uuid the conversation's own id; it may be the client's id of a chat, too
 * @param chatId the client's own id of its chat, from which the UUID is derived, or the UUID itself, which the client may have
 *     from a list. The first message creates the conversation
 */
public record ConversationRef(@Nullable UUID uuid, @Nullable String chatId) {
    public static final ConversationRef NEW = new ConversationRef(null, null);

    public static ConversationRef existing(UUID id) {
        return new ConversationRef(id, null);
    }

    public static ConversationRef chat(String id) {
        return new ConversationRef(HttpRequest.uuid(id).orElse(null), id);
    }

    /** The conversation in the path, by its own id or the client's. */
    public static ConversationRef in(HttpRequest request) {
        return chat(request.pathText("id"));
    }
}
