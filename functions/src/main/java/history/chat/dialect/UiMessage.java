package history.chat.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.body.Fields;
import history.chat.turn.Said;
import history.message.ShownMetadata;
import history.text.Blank;
import history.text.Json;
import history.text.Storable;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A message of the AI SDK's, {@code {id, role, parts, metadata}}, with its position in the body. */
record UiMessage(ObjectNode node, Fields fields) {
    static final int MAX_ID = 128;

    /** The most JSON that a message's parts may have, files in data URLs included. */
    static final int MAX_PARTS_BYTES = 3_000_000;

    /** An answer's calls, of which those that do not wait are stored already. The database limits what is stored of them. */
    private static final int MAX_CALLS_BYTES = 6_000_000;

    private static final int MAX_METADATA_BYTES = 16 * 1024;

    /** The message at that position of the list. */
    static @Nullable UiMessage at(int place, JsonNode list, Fields body) {
        return list.get(place) instanceof ObjectNode node
                ? new UiMessage(node, body.inside("messages", node).inside(Integer.toString(place), node))
                : null;
    }

    static boolean isUsers(JsonNode message) {
        return message.path("role").asText().equals("user");
    }

    /** Whether it is an answer that the client sends because it has run its tools. */
    boolean isAnswerWithTools() {
        return node.path("role").asText().equals("assistant")
                && node.path("parts") instanceof ArrayNode parts
                && parts.valueStream().anyMatch(part -> part.hasNonNull("toolCallId"));
    }

    /** Reads such an answer; only the tools' results in it are trusted. */
    Said readAnswer() {
        var id = fields.text("id", MAX_ID);
        if (id.isEmpty()) {
            fields.error("id", "is required: the id of the answer");
        }
        ArrayNode calls = calls(node);
        checkSize(calls, MAX_CALLS_BYTES);
        return new Said(id.orElse(null), text(), calls, null);
    }

    /** The answer's text and other parts are stored, and may be more than a client may send. */
    private static ArrayNode calls(JsonNode answer) {
        ArrayNode calls = Json.MAPPER.createArrayNode();
        answer.path("parts")
                .valueStream()
                .filter(part -> part.hasNonNull("toolCallId"))
                .forEach(calls::add);
        return calls;
    }

    /** Reads a user's message, and reports what is wrong with it. */
    Said read() {
        Dialect.requireUser(fields);
        var id = fields.id("id", MAX_ID);
        String text = text();
        if (text.codePointCount(0, text.length()) > Dialect.MAX_MESSAGE) {
            fields.error("parts", "have more than " + Dialect.MAX_MESSAGE + " characters of text together");
        }
        return new Said(id.orElse(null), text, keptParts(), metadata().orElse(null));
    }

    /** The client's own metadata. The server's keys are ignored if they came from the server, and refused if the client made them up. */
    private Optional<ObjectNode> metadata() {
        var metadata = fields.object("metadata", MAX_METADATA_BYTES).map(ObjectNode::deepCopy);
        var loaded = metadata.filter(it -> it.has("conversationId") && it.has("createdAt") && it.has("status"));
        if (loaded.filter(it -> it.path("cut").has("metadata")).isPresent()) {
            return Optional.empty(); // the client was not shown what it would replace
        }
        loaded.ifPresent(it -> it.remove(ShownMetadata.SERVERS));
        metadata.ifPresent(it -> {
            Fields inside = fields.inside("metadata", it);
            it.fieldNames().forEachRemaining(name -> {
                if (ShownMetadata.SERVERS.contains(name) || ShownMetadata.INTERNAL.contains(name)) {
                    inside.error(name, "is set by the server");
                }
            });
        });
        return metadata;
    }

    /**
     * What an earlier message of the list tells about the client's position: its id and, for a user's message, its content, in
     * case it never arrived. Absent without an id, or if such a message would be refused.
     */
    static Optional<ObjectNode> earlier(JsonNode node, boolean withWords) {
        String id = node.path("id").asText();
        if (!(node instanceof ObjectNode message)
                || id.isBlank()
                || id.codePointCount(0, id.length()) > MAX_ID
                || !Storable.holds(id)) {
            return Optional.empty();
        }
        if (!withWords || !isUsers(message)) {
            return Optional.of(Json.MAPPER.createObjectNode().put("id", id));
        }
        var fields = new Fields(message);
        var said = new UiMessage(message, fields).read().json().put("role", "user");
        return fields.isGood() ? Optional.of(said) : Optional.empty();
    }

    /** As {@link #earlier}, of an answer: with its calls of tools, in case a client sends their outcomes with its next question. */
    static Optional<ObjectNode> withCalls(JsonNode node) {
        ArrayNode calls = calls(node);
        boolean isTold = !calls.isEmpty()
                && Storable.excess(calls, MAX_CALLS_BYTES).isEmpty()
                && node.path("role").asText().equals("assistant");
        return earlier(node, false)
                .map(told -> isTold ? told.put("role", "assistant").put("parts", calls.toString()) : told);
    }

    private String text() {
        JsonNode parts = fields.value("parts").filter(JsonNode::isArray).orElse(MissingNode.getInstance());
        var text = new StringBuilder();
        boolean hasOther = false;
        for (int i = 0; i < parts.size(); i++) {
            JsonNode part = parts.get(i);
            check(part, i);
            boolean isText = part.path("type").asText().equals("text");
            text.append(isText ? part.path("text").asText() : "");
            hasOther |= !isText && !part.path("type").asText().equals("step-start");
        }
        if (!parts.isArray() || (!hasOther && Blank.is(text.toString()) && fields.isGood())) {
            fields.error("parts", "must be an array with at least one part that is not blank");
        }
        return text.toString();
    }

    /** Checks the fields of a part that are known; all others are kept as they are. */
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

    /** Null where the message has only text. */
    private @Nullable ArrayNode keptParts() {
        if (!(node.path("parts") instanceof ArrayNode parts) || (parts.size() == 1 && isPlain(parts.get(0)))) {
            return null;
        }
        checkSize(parts, MAX_PARTS_BYTES);
        return parts;
    }

    private void checkSize(ArrayNode parts, int mostBytes) {
        Storable.excess(Json.MAPPER.createObjectNode().set("parts", parts), mostBytes)
                .ifPresent(excess -> fields.error(
                        "parts", excess.contains(" bytes") ? excess + "; name large files by a URL" : excess));
    }

    private static boolean isPlain(JsonNode part) {
        return part.path("type").asText().equals("text")
                && part.propertyStream()
                        .allMatch(field -> Set.of("type", "text").contains(field.getKey()));
    }
}
