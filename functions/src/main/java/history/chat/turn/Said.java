package history.chat.turn;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.http.Json;
import org.jspecify.annotations.Nullable;

/**
 * A message of the user's as a client says it.
 *
 * @param id the client's own, when it made one
 * @param parts of a UI message; null where its text is all of it
 * @param metadata what the client wants kept with it
 */
public record Said(
        @Nullable String id,
        String text,
        @Nullable ArrayNode parts,
        @Nullable ObjectNode metadata) {

    public Said(String text) {
        this(null, text, null, null);
    }

    /** As the functions of a turn take it. */
    public ObjectNode json() {
        ObjectNode json = Json.MAPPER.createObjectNode().put("id", id).put("content", text);
        json.set("parts", parts);
        json.set("metadata", metadata);
        return json;
    }
}
