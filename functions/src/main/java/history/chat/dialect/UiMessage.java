package history.chat.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.chat.turn.Said;
import history.http.Fields;
import history.http.Json;
import history.text.Blank;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A message of the AI SDK's, {@code {id, role, parts, metadata}}, with the place where it stands in the body. */
record UiMessage(ObjectNode node, Fields fields) {
    static final int MAX_ID = 128;
    private static final int MAX_METADATA_BYTES = 16 * 1024;

    /** What the server itself keeps in a message's metadata; a client cannot write it. */
    private static final Set<String> RESERVED =
            Set.of("client_id", "previous", "legacy", "status", "attempt", "requests");

    /** The one that stands at that place of the list. */
    static @Nullable UiMessage at(int place, JsonNode list, Fields body) {
        return list.get(place) instanceof ObjectNode node
                ? new UiMessage(node, body.inside("messages", node).inside(Integer.toString(place), node))
                : null;
    }

    boolean isUsers() {
        return node.path("role").asText().equals("user");
    }

    /** Reports what is wrong with it. */
    Said read() {
        Dialect.requireUser(fields);
        var id = fields.text("id", MAX_ID);
        var metadata = fields.object("metadata", MAX_METADATA_BYTES)
                .map(ObjectNode::deepCopy)
                .map(kept -> kept.<ObjectNode>without(RESERVED));
        return new Said(id.orElse(null), text(), metadata.orElse(null));
    }

    /**
     * What an earlier message of the list tells of where the client stands: its id and, for one of the user's, what was said, in
     * case that it never arrived. Absent without an id, or where a message like this would be refused.
     */
    static Optional<ObjectNode> earlier(JsonNode node) {
        String id = node.path("id").asText();
        if (!(node instanceof ObjectNode message) || id.isBlank() || id.length() > MAX_ID) {
            return Optional.empty();
        }
        var alone = new Fields(message);
        var entry = new UiMessage(message, alone);
        if (!entry.isUsers()) {
            return Optional.of(Json.MAPPER.createObjectNode().put("id", id));
        }
        var said = entry.read().json().put("role", "user");
        return alone.isGood() ? Optional.of(said) : Optional.empty();
    }

    private String text() {
        JsonNode parts = node.path("parts");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            readPart(fields.inside("parts", node), i, parts.get(i)).ifPresent(texts::add);
        }
        String text = String.join("", texts);
        if (!(parts instanceof ArrayNode) || (Blank.is(text) && texts.size() == parts.size())) {
            fields.error("parts", "must be an array with at least one text that is not blank");
        }
        if (text.codePointCount(0, text.length()) > Dialect.MAX_MESSAGE) {
            fields.error("parts", "have more than " + Dialect.MAX_MESSAGE + " characters of text together");
        }
        return text;
    }

    private static Optional<String> readPart(Fields parts, int place, JsonNode part) {
        String type = part.path("type").asText("");
        if (type.equals("text") && part.path("text").isTextual()) {
            return Optional.of(part.path("text").textValue());
        }
        String problem = type.equals("text")
                ? "must have a text"
                : type.isEmpty()
                        ? "must be an object with a type"
                        : "is of type " + type.substring(0, Math.min(type.length(), 50))
                                + "; only text can be answered here";
        parts.error(Integer.toString(place), problem);
        return Optional.empty();
    }
}
