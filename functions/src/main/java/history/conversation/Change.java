package history.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.body.Fields;
import history.text.Blank;
import history.text.Direction;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a merge patch changes in a conversation; absent fields stay as they are.
 *
 * @param metadata a merge patch of its own (RFC 7396)
 */
record Change(
        Optional<String> title,
        Optional<ObjectNode> metadata,
        boolean clearMetadata,
        Optional<Boolean> archived,
        Optional<ArrayNode> labels) {
    private static final int MAX_LABELS = 20;
    private static final int MAX_LABEL = 50;

    private static final Set<String> WRITABLE = Set.of("title", "metadata", "archived", "labels");

    /**
     * Null resets: the title to the default, metadata and labels to empty, and archived to false.
     *
     * @throws history.http.Problem 422 with every field that is wrong
     */
    static Change of(ObjectNode patch) {
        var fields = new Fields(patch).allow(WRITABLE, NewConversation.READ_ONLY);
        var title = NewConversation.title(fields);
        var metadata = fields.object("metadata", NewConversation.MAX_METADATA_BYTES);
        var archived = fields.value("archived");
        archived.filter(value -> !value.isBoolean())
                .ifPresent(value -> fields.error("archived", "must be true or false"));
        var labels = fields.value("labels");
        labels.filter(value -> !areLabels(value))
                .ifPresent(value -> fields.error(
                        "labels",
                        "must be at most " + MAX_LABELS + " different strings, each of 1 to " + MAX_LABEL
                                + " characters, not blank, with every bidirectional control closed, without U+FFFD"));
        fields.check();
        return new Change(
                patch.path("title").isNull() ? Optional.of("New Conversation") : title,
                metadata,
                patch.path("metadata").isNull(),
                patch.path("archived").isNull() ? Optional.of(false) : archived.map(JsonNode::booleanValue),
                patch.path("labels").isNull() ? Optional.of(patch.arrayNode()) : labels.map(ArrayNode.class::cast));
    }

    private static boolean areLabels(JsonNode value) {
        var seen = new HashSet<String>();
        value.forEach(label -> {
            String text = label.asText();
            if (label.isTextual()
                    && !Blank.is(text)
                    && !Direction.isOpen(text)
                    && !text.contains("\uFFFD")
                    && text.codePointCount(0, text.length()) <= MAX_LABEL) {
                seen.add(text);
            }
        });
        return value.isArray() && value.size() == seen.size() && seen.size() <= MAX_LABELS;
    }
}
