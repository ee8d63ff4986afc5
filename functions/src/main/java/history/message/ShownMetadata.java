package history.message;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.text.Json;
import history.text.JsonText;
import java.io.IOException;
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
            "replaced_by_id",
            "reply_to",
            "requests",
            "ui_parts",
            "version_of");

    /** Keys that are written whatever is stored. */
    private static final Set<String> ADDED = Set.of("conversationId", "createdAt", "status");

    private static final Set<String> ADDED_TO_ANSWERS = Set.of("conversationId", "createdAt", "status", "finishReason");

    /** Clients cannot write more. What the owner of the database has written is returned in pieces by the endpoint of the message. */
    private static final int MOST = 100_000;

    /** More than what is written beside what is stored. */
    private static final int ADDITIONS = 1_000;

    private ShownMetadata() {}

    /** Written from token to token: most of it is nobody's here. */
    static void write(JsonGenerator json, String kept, UUID conversation, String createdAt, String status)
            throws IOException {
        if (kept.length() < MOST - ADDITIONS) {
            all(json, kept, conversation, createdAt, status);
            return;
        }
        String shown = JsonText.of((JsonGenerator inner) -> all(inner, kept, conversation, createdAt, status));
        if (shown.length() > MOST && Json.tree(shown) instanceof ObjectNode servers) {
            servers.retain(SERVERS);
            servers.withObject("/cut", JsonNode.OverwriteMode.ALL, true).put("metadata", shown.length());
            shown = JsonText.of(servers);
        }
        json.writeRawValue(shown);
    }

    /** What the client wrote itself, and the server's keys. */
    private static void all(JsonGenerator json, String kept, UUID conversation, String createdAt, String status)
            throws IOException {
        var added = kept.contains("\"finish_reason\"") ? ADDED_TO_ANSWERS : ADDED;
        json.writeStartObject();
        try (var parser = JsonText.parser(kept)) {
            boolean isObject = parser.nextToken() == JsonToken.START_OBJECT;
            while (isObject && parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("usage") && value == JsonToken.START_OBJECT && kept.contains("\"input_tokens\"")) {
                    usage(parser, json);
                } else if (name.equals("finish_reason") && value != JsonToken.VALUE_NULL) {
                    json.writeFieldName("finishReason");
                    json.copyCurrentStructureExact(parser);
                } else if (INTERNAL.contains(name) || added.contains(name)) {
                    parser.skipChildren();
                } else {
                    json.writeFieldName(name);
                    json.copyCurrentStructureExact(parser);
                }
            }
        }
        json.writeStringField("conversationId", conversation.toString());
        json.writeStringField("createdAt", createdAt);
        json.writeStringField("status", status);
        json.writeEndObject();
    }

    private static void usage(JsonParser parser, JsonGenerator json) throws IOException {
        int input = 0;
        int output = 0;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            input = name.equals("input_tokens") ? (int) parser.getValueAsDouble() : input;
            output = name.equals("output_tokens") ? (int) parser.getValueAsDouble() : output;
            parser.skipChildren();
        }
        json.writeObjectFieldStart("usage");
        json.writeNumberField("inputTokens", input);
        json.writeNumberField("outputTokens", output);
        json.writeEndObject();
    }
}
