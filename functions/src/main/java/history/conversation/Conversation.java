package history.conversation;

import com.fasterxml.jackson.core.JsonGenerator;
import history.db.Timestamps;
import history.text.Direction;
import history.text.JsonText;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversation without its messages, its times as the API writes them.
 *
 * @param metadata a JSON object as text
 * @param lastMessageAt null when there is no message
 * @param revision grows with every change that shows without {@code include=replaced}, also of a message; the ETag is made from it
 */
record Conversation(
        String id,
        String tenantId,
        String userId,
        String title,
        String metadata,
        String createdAt,
        String updatedAt,
        long messageCount,
        boolean archived,
        List<String> labels,
        @Nullable String lastMessageAt,
        long revision) {

    /** Reads a row that has these columns, and perhaps others. */
    static Conversation of(ResultSet row) throws SQLException {
        return new Conversation(
                row.getString("id"),
                row.getString("tenant_id"),
                row.getString("user_id"),
                Direction.closed(row.getString("title")),
                row.getString("metadata").startsWith("{") ? row.getString("metadata") : "{}",
                Timestamps.read(row, "created_at"),
                Timestamps.read(row, "updated_at"),
                row.getLong("message_count"),
                row.getBoolean("archived"),
                List.of((String[]) row.getArray("labels").getArray()),
                row.getString("last_message_at") == null ? null : Timestamps.read(row, "last_message_at"),
                row.getLong("revision"));
    }

    /** What a list is ordered by: the time of the last message, or of the creation. */
    String place() {
        return lastMessageAt == null ? createdAt : lastMessageAt;
    }

    String etag() {
        return Version.of(revision, false).etag();
    }

    void writeFields(JsonGenerator json) throws IOException {
        json.writeStringField("id", id);
        json.writeStringField("tenant_id", tenantId);
        json.writeStringField("user_id", userId);
        json.writeStringField("title", title);
        json.writeFieldName("metadata");
        json.writeRawValue(metadata);
        json.writeStringField("created_at", createdAt);
        json.writeStringField("updated_at", updatedAt);
        json.writeNumberField("message_count", messageCount);
        json.writeBooleanField("archived", archived);
        json.writeArrayFieldStart("labels");
        for (String label : labels) {
            json.writeString(label);
        }
        json.writeEndArray();
        json.writeStringField("last_message_at", lastMessageAt);
        json.writeNumberField("revision", revision);
    }

    String json() {
        return JsonText.object(this::writeFields);
    }
}
