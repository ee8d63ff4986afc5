package history.message;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.db.Timestamps;
import history.text.Json;
import history.text.JsonText;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * One message of a conversation.
 *
 * @param seq its position, from 1; messages are ordered by nothing else
 * @param role {@code user}, {@code assistant} or {@code system}
 * @param metadata as it is stored, JSON, with the parts of a UI message
 * @param createdAt as the API writes it
 * @param status of an answer: {@code running}, {@code completed}, {@code incomplete}, {@code failed} or {@code stopped}
 */
public record Message(
        UUID id,
        UUID conversationId,
        long seq,
        String role,
        String content,
        String metadata,
        String createdAt,
        String status) {

    /** How much of a message, in UTF-16 units, is returned when it is too long for one response. */
    public static final int CUT = 500_000;

    private static final List<String> COLUMNS =
            List.of("id", "conversation_id", "seq", "role", "content", "metadata", "created_at", "status");

    /** The select list with the columns of a {@code history.message} for {@link #of}. */
    public static String columns(String composite, String prefix) {
        return COLUMNS.stream()
                .map(column -> "(%s).%s as %s%s".formatted(composite, column, prefix, column))
                .collect(Collectors.joining(", "));
    }

    /** Reads a row that has these columns, each with the prefix. Looking for each by its name takes a twentieth of a page's time. */
    public static Message of(ResultSet row, String prefix) throws SQLException {
        int first = row.findColumn(prefix + COLUMNS.getFirst());
        return new Message(
                row.getObject(first, UUID.class),
                row.getObject(first + 1, UUID.class),
                row.getLong(first + 2),
                row.getString(first + 3),
                row.getString(first + 4),
                row.getString(first + 5),
                Timestamps.read(row, prefix + "created_at"),
                row.getString(first + 7));
    }

    /** Whether it is a running answer. */
    public boolean isRunning() {
        return status.equals("running");
    }

    public boolean isCompleted() {
        return status.equals("completed");
    }

    /** Whether a user ended it before it was complete. */
    public boolean isStopped() {
        return status.equals("stopped");
    }

    /** The metadata that a client may see, as JSON. */
    public void writeMetadata(JsonGenerator json) throws IOException {
        ShownMetadata.write(json, metadata, conversationId, createdAt, status);
    }

    /** The metadata as a tree, for who looks into it. */
    public JsonNode tree() {
        return Json.tree(metadata);
    }

    /** The parts of a UI message; missing where it has only text. */
    public JsonNode parts() {
        return tree().path("ui_parts");
    }

    /** The beginning of its text, without parts; {@code metadata.cut} says how many characters each has. */
    public Message cut() {
        var end = Math.min(CUT, content.length());
        if (end > 0 && end < content.length() && Character.isHighSurrogate(content.charAt(end - 1))) {
            end--;
        }
        var cut = Json.MAPPER.createObjectNode().put("characters", content.codePointCount(0, content.length()));
        var parts = parts();
        if (parts.isArray()) {
            cut.put("parts", JsonText.of(parts).length());
        }
        return part(content.substring(0, end), cut);
    }

    /** Itself, or its beginning: a response could not hold more of every text, and a stream has sent it all. */
    public Message fitting() {
        return content.length() > CUT ? cut() : this;
    }

    /** The same message, whose {@code metadata.replaced_by} is that name, if it is one. */
    Message replacedBy(JsonNode name) {
        if (!name.isTextual() || !(tree() instanceof ObjectNode kept)) {
            return this;
        }
        kept.set("replaced_by", name);
        return new Message(id, conversationId, seq, role, content, JsonText.of(kept), createdAt, status);
    }

    /** The same message with another text, without parts, and {@code metadata.cut}. */
    public Message part(String text, ObjectNode cut) {
        ObjectNode kept = tree() instanceof ObjectNode object ? object : Json.MAPPER.createObjectNode();
        kept.remove("ui_parts");
        kept.set("cut", cut);
        return new Message(id, conversationId, seq, role, text, JsonText.of(kept), createdAt, status);
    }

    public void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id.toString());
        json.writeStringField("conversation_id", conversationId.toString());
        json.writeNumberField("seq", seq);
        json.writeStringField("role", role);
        json.writeStringField("content", content);
        json.writeFieldName("metadata");
        writeMetadata(json);
        json.writeStringField("created_at", createdAt);
        json.writeEndObject();
    }
}
