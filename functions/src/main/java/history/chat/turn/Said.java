package history.chat.turn;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * A user's message as the client sent it.
 *
 * @param id the client's own, if it has one
 * @param parts of a UI message; null where it has only text
 * @param metadata what the client wants kept with it
 */
public record Said(
        @Nullable String id,
        String text,
        @Nullable ArrayNode parts,
        @Nullable ObjectNode metadata) {

    /** As an entry of the list that {@code history.claim_turn} takes: its parts are JSON in a string. */
    public ObjectNode json() {
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("id", id)
                .put("content", text)
                .put("parts", parts == null ? null : parts.toString());
        json.set("metadata", metadata);
        return json;
    }
}
