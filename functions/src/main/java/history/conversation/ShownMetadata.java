package history.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.http.Json;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/** What the metadata of a message tells a client: the same keys in a stream, in UI messages and in the API's own form. */
public final class ShownMetadata {
    /** What the server says there, and no client. */
    public static final Set<String> SERVERS =
            Set.of("conversationId", "createdAt", "status", "model", "usage", "finishReason", "cut", "replaced_by");

    /** What the server keeps there for itself. */
    public static final Set<String> INTERNAL = Set.of(
            "attempt",
            "client_id",
            "completed_at",
            "edit_of",
            "failure",
            "finish_reason",
            "legacy",
            "previous",
            "reason",
            "reply_to",
            "requests",
            "ui_parts",
            "version_of");

    private ShownMetadata() {}

    /** What the client wrote itself, and what the server says. */
    static ObjectNode of(String metadata, UUID conversation, Instant createdAt, String status) {
        JsonNode kept = Json.tree(metadata);
        ObjectNode shown = Json.MAPPER.createObjectNode();
        if (kept instanceof ObjectNode object) {
            shown.setAll(object);
            shown.remove(INTERNAL);
        }
        shown.put("conversationId", conversation.toString())
                .put("createdAt", Timestamps.format(createdAt))
                .put("status", status);
        JsonNode usage = kept.path("usage");
        if (usage.hasNonNull("input_tokens")) {
            shown.putObject("usage")
                    .put("inputTokens", usage.path("input_tokens").asInt())
                    .put("outputTokens", usage.path("output_tokens").asInt());
        }
        if (kept.hasNonNull("finish_reason")) {
            shown.set("finishReason", kept.path("finish_reason"));
        }
        return shown;
    }
}
