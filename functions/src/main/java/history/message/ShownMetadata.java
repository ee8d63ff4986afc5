package history.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.db.Timestamps;
import history.text.Json;
import history.text.JsonText;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/** The part of a message's metadata that a client sees: the same keys in streams, in UI messages and in the API's own format. */
public final class ShownMetadata {
    /** Keys that only the server sets. */
    public static final Set<String> SERVERS =
            Set.of("conversationId", "createdAt", "status", "model", "usage", "finishReason", "cut", "replaced_by");

    /** Keys that the server keeps for itself and never shows. */
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

    /** Clients cannot write more. What the owner of the database has written is returned in pieces by the endpoint of the message. */
    private static final int MOST = 100_000;

    private ShownMetadata() {}

    /** What the client wrote itself, and the server's keys, as JSON. */
    static String of(JsonNode kept, UUID conversation, Instant createdAt, String status) {
        ObjectNode shown = Json.MAPPER.createObjectNode();
        if (kept instanceof ObjectNode object) {
            shown.setAll(object);
            shown.remove(INTERNAL);
        }
        JsonNode usage = kept.path("usage");
        if (usage.hasNonNull("input_tokens")) {
            shown.putObject("usage")
                    .put("inputTokens", usage.path("input_tokens").asInt())
                    .put("outputTokens", usage.path("output_tokens").asInt());
        }
        if (kept.hasNonNull("finish_reason")) {
            shown.set("finishReason", kept.path("finish_reason"));
        }
        shown.put("conversationId", conversation.toString())
                .put("createdAt", Timestamps.format(createdAt))
                .put("status", status);
        int length = JsonText.of(shown).length();
        if (length > MOST) {
            shown.retain(SERVERS);
            shown.withObject("/cut").put("metadata", length);
        }
        return JsonText.of(shown);
    }
}
