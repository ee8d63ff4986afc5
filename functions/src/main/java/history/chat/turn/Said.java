package history.chat.turn;

import com.fasterxml.jackson.databind.node.ObjectNode;
import history.http.Json;
import org.jspecify.annotations.Nullable;

/**
 * A message of the user's as a client says it.
 *
 * @param id the client's own, when it made one
 * @param metadata what the client wants kept with it
 */
public record Said(
        @Nullable String id, String text, @Nullable ObjectNode metadata) {

    /** As the functions of a turn take it. */
    public ObjectNode json() {
        return Json.MAPPER
                .createObjectNode()
                .put("id", id)
                .put("content", text)
                .set("metadata", metadata == null ? Json.MAPPER.nullNode() : metadata);
    }
}
