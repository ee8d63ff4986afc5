package history.conversation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import history.body.Fields;
import history.text.Direction;
import java.util.Optional;
import java.util.Set;

/** What a caller may set on a new conversation: its title and its metadata. */
record NewConversation(Optional<String> title, Optional<ObjectNode> metadata) {
    static final int MAX_TITLE = 255;
    static final int MAX_METADATA_BYTES = 16 * 1024;

    private static final Set<String> WRITABLE = Set.of("title", "metadata");
    static final Set<String> READ_ONLY = Set.of(
            "id",
            "tenant_id",
            "user_id",
            "created_at",
            "updated_at",
            "message_count",
            "last_message_at",
            "revision",
            "messages");

    /** @throws history.http.Problem 422 with every field that is wrong */
    static NewConversation of(ObjectNode body) {
        Fields fields = new Fields(body).allow(WRITABLE, READ_ONLY);
        var conversation = new NewConversation(title(fields), fields.object("metadata", MAX_METADATA_BYTES));
        fields.check();
        return conversation;
    }

    /** In a list it stands before others. */
    static Optional<String> title(Fields fields) {
        var title = fields.text("title", MAX_TITLE);
        title.filter(Direction::isOpen)
                .ifPresent(open -> fields.error("title", "has a bidirectional control that is not closed"));
        return title;
    }
}
