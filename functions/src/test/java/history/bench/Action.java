package history.bench;

import java.util.Locale;
import java.util.UUID;

/** What is measured, and its HTTP request. */
enum Action {
    LIST("GET", "/api/conversations", "history.conversation.ListConversationsHandler"),
    GET("GET", "/api/conversations/{id}", "history.conversation.GetConversationHandler"),
    POST("POST", "/api/conversations", "history.conversation.CreateConversationHandler"),
    PATCH("PATCH", "/api/conversations/{id}", "history.conversation.PatchConversationHandler"),
    CHAT("POST", "/api/chat", "history.chat.ChatHandler");

    /** After so many turns a chat goes on in a new conversation. */
    static final int TURNS = 20;

    final String method;
    final String path;
    final String handler;

    Action(String method, String path, String handler) {
        this.method = method;
        this.path = path;
        this.handler = handler;
    }

    String path(UUID id) {
        return path.replace("{id}", id.toString());
    }

    /** The JSON of a request, another one each time. */
    String body(long number, String conversation) {
        return switch (this) {
            case LIST, GET -> "";
            case POST, PATCH -> "{\"title\":\"Holiday number " + number + "\"}";
            case CHAT ->
                "{\"message\":\"Where shall we go next, number " + number + "?\""
                        + (conversation.isEmpty() ? "" : ",\"conversation_id\":\"" + conversation + "\"") + "}";
        };
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
