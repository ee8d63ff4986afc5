package history.conversation;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import history.http.HttpRequest;
import history.http.Json;
import history.http.Problem;
import java.io.IOException;

/** How the messages of a conversation are written. */
enum MessageFormat {
    /** As the API's own messages. */
    NATIVE {
        @Override
        void write(JsonGenerator json, Message message) throws IOException {
            message.write(json);
        }

        @Override
        String parameter() {
            return "";
        }
    },

    /**
     * As AI SDK's {@code UIMessage}: {@code id}, {@code role}, {@code parts}, {@code metadata}, so that a page can hand them to
     * {@code useChat({messages})}. The id is the one that the client gave its message, where it gave one.
     *
     * <p>An answer that is just being made has no parts: a client that resumes it is sent the whole of it, and adds that to
     * what is there.
     */
    UI_MESSAGES {
        @Override
        void write(JsonGenerator json, Message message) throws IOException {
            json.writeStartObject();
            json.writeStringField(
                    "id",
                    Json.tree(message.metadata())
                            .path(CLIENT_ID)
                            .asText(message.id().toString()));
            json.writeStringField("role", message.role());
            json.writeFieldName("parts");
            json.writeRawValue(parts(message).toString());
            json.writeFieldName("metadata");
            json.writeRawValue(message.shownMetadata());
            json.writeEndObject();
        }

        private static JsonNode parts(Message message) {
            ArrayNode parts = Json.MAPPER.createArrayNode();
            if (message.isRunning()) {
                return parts;
            }
            JsonNode written = message.parts();
            return written.isArray()
                    ? written
                    : parts.add(
                            Json.MAPPER.createObjectNode().put("type", "text").put("text", message.content()));
        }

        @Override
        String parameter() {
            return "&format=ui-messages";
        }
    };

    /** Where a message's metadata keeps the id that the client gave it. */
    static final String CLIENT_ID = "client_id";

    /** @throws Problem 400 a format that does not exist */
    static MessageFormat of(HttpRequest request) {
        return switch (request.parameter("format").orElse("")) {
            case "" -> NATIVE;
            case "ui-messages" -> UI_MESSAGES;
            default -> throw Problem.badRequest("format must be ui-messages, or left out.");
        };
    }

    /** Whether an answer of which nothing came is shown without being asked for, so that a page can offer another try. */
    boolean showsFailures() {
        return this == UI_MESSAGES;
    }

    abstract void write(JsonGenerator json, Message message) throws IOException;

    /** What asks for this format in a link. */
    abstract String parameter();
}
