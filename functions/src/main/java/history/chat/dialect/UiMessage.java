package history.chat.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.chat.turn.Said;
import history.conversation.ShownMetadata;
import history.http.Fields;
import history.http.Json;
import history.text.Blank;
import history.text.Storable;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A message of the AI SDK's, {@code {id, role, parts, metadata}}, with the place where it stands in the body. */
record UiMessage(ObjectNode node, Fields fields) {
    static final int MAX_ID = 128;

    /** The JSON of a message's parts, files in data URLs among them. */
    static final int MAX_PARTS_BYTES = 3_000_000;

    private static final int MAX_METADATA_BYTES = 16 * 1024;

    /** The one that stands at that place of the list. */
    static @Nullable UiMessage at(int place, JsonNode list, Fields body) {
        return list.get(place) instanceof ObjectNode node
                ? new UiMessage(node, body.inside("messages", node).inside(Integer.toString(place), node))
                : null;
    }

    static boolean isUsers(JsonNode message) {
        return message.path("role").asText().equals("user");
    }

    /** One of the assistant's that a client sends because it has run tools. */
    boolean isAnswerWithTools() {
        boolean hasTools = false;
        for (JsonNode part : node.path("parts")) {
            hasTools |= part.hasNonNull("toolCallId");
        }
        return hasTools && node.path("role").asText().equals("assistant");
    }

    /** Of it, only the results are believed. */
    Said readAnswer() {
        var id = fields.text("id", MAX_ID);
        if (id.isEmpty()) {
            fields.error("id", "is required: the id of the answer");
        }
        ArrayNode parts = node.withArray("parts");
        checkSize(parts);
        return new Said(id.orElse(null), text(), parts, null);
    }

    /** Reports what is wrong with it. */
    Said read() {
        Dialect.requireUser(fields);
        var id = fields.text("id", MAX_ID);
        return new Said(id.orElse(null), text(), keptParts(), metadata().orElse(null));
    }

    /** A client's own. What the server says is let through where the client had it from the server, and refused where it is made up. */
    private Optional<ObjectNode> metadata() {
        var metadata = fields.object("metadata", MAX_METADATA_BYTES).map(ObjectNode::deepCopy);
        metadata.filter(it -> it.has("conversationId") && it.has("createdAt") && it.has("status"))
                .ifPresent(loaded -> loaded.remove(ShownMetadata.SERVERS));
        metadata.ifPresent(it -> {
            Fields inside = fields.inside("metadata", it);
            it.fieldNames().forEachRemaining(name -> {
                if (ShownMetadata.SERVERS.contains(name) || ShownMetadata.INTERNAL.contains(name)) {
                    inside.error(name, "is for the server to say");
                }
            });
        });
        return metadata;
    }

    /**
     * What an earlier message of the list tells of where the client stands: its id and, for one of the user's, what was said, in
     * case that it never arrived. Absent without an id, or where a message like this would be refused.
     */
    static Optional<ObjectNode> earlier(JsonNode node, boolean withWords) {
        String id = node.path("id").asText();
        if (!(node instanceof ObjectNode message) || id.isBlank() || id.length() > MAX_ID || !Storable.holds(id)) {
            return Optional.empty();
        }
        if (!withWords || !isUsers(message)) {
            return Optional.of(Json.MAPPER.createObjectNode().put("id", id));
        }
        var fields = new Fields(message);
        var said = new UiMessage(message, fields).read().json().put("role", "user");
        return fields.isGood() ? Optional.of(said) : Optional.empty();
    }

    private String text() {
        JsonNode parts = fields.value("parts").orElse(MissingNode.getInstance());
        var text = new StringBuilder();
        boolean hasOther = false;
        for (int i = 0; i < parts.size(); i++) {
            JsonNode part = parts.get(i);
            check(part, i);
            boolean isText = part.path("type").asText().equals("text");
            text.append(isText ? part.path("text").asText() : "");
            hasOther |= !isText && !part.path("type").asText().equals("step-start");
        }
        if (!(parts instanceof ArrayNode) || (!hasOther && Blank.is(text.toString()) && fields.isGood())) {
            fields.error("parts", "must be an array with at least one part that is not blank");
        }
        if (text.codePointCount(0, text.length()) > Dialect.MAX_MESSAGE) {
            fields.error("parts", "have more than " + Dialect.MAX_MESSAGE + " characters of text together");
        }
        return text.toString();
    }

    /** What is known of a part must be right; what is not is kept as it is. */
    private void check(JsonNode part, int place) {
        String type = part.path("type").isTextual() ? part.path("type").textValue() : "";
        String problem = switch (type) {
            case "" -> "must be an object with a type";
            case "text" -> part.path("text").isTextual() ? "" : "must have a text";
            case "file" ->
                part.path("url").isTextual() && part.path("mediaType").isTextual()
                        ? ""
                        : "must have a url and a mediaType";
            default -> "";
        };
        if (!problem.isEmpty()) {
            fields.inside("parts", node).error(Integer.toString(place), problem);
        }
    }

    /** Null where the text is all there is. */
    private @Nullable ArrayNode keptParts() {
        if (!(node.path("parts") instanceof ArrayNode parts) || (parts.size() == 1 && isPlain(parts.get(0)))) {
            return null;
        }
        checkSize(parts);
        return parts;
    }

    private void checkSize(ArrayNode parts) {
        Storable.excess(parts, MAX_PARTS_BYTES)
                .ifPresent(excess -> fields.error("parts", excess + "; name large files by a URL"));
    }

    private static boolean isPlain(JsonNode part) {
        return part.path("type").asText().equals("text")
                && Set.of("type", "text")
                        .containsAll(part.properties().stream()
                                .map(java.util.Map.Entry::getKey)
                                .toList());
    }
}
