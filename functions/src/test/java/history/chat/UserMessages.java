package history.chat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Bodies as {@code useChat} sends them. */
final class UserMessages {
    private static final JsonMapper JSON = new JsonMapper();

    private UserMessages() {}

    static String submit(String chat, String id, String text) {
        return body(chat, id, text).put("trigger", "submit-message").toString();
    }

    static String edit(String chat, String id, String text) {
        return body(chat, id, text)
                .put("trigger", "submit-message")
                .put("messageId", id)
                .toString();
    }

    static String regenerate(String chat, String id, String text) {
        return body(chat, id, text).put("trigger", "regenerate-message").toString();
    }

    private static ObjectNode body(String chat, String id, String text) {
        ObjectNode body = JSON.createObjectNode().put("id", chat);
        ObjectNode message = body.putArray("messages").addObject().put("id", id).put("role", "user");
        message.putArray("parts").addObject().put("type", "text").put("text", text);
        return body;
    }
}
