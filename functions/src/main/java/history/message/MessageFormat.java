package history.message;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import history.http.HttpRequest;
import history.http.Problem;
import history.text.Json;
import history.text.JsonText;
import java.io.IOException;

/** The format in which the messages of a conversation are returned. */
public enum MessageFormat {
    /** The API's own format. */
    NATIVE,

    /**
     * As AI SDK's {@code UIMessage}: {@code id}, {@code role}, {@code parts}, {@code metadata}, so that a page can hand them to
     * {@code useChat({messages})}. The id is the client's own id of its message, if there was one; an earlier version of a message
     * has its own, so that no two are alike.
     *
     * <p>A running answer has none: a client that resumes it receives all of it, and would add that to what it has.
     */
    UI_MESSAGES;

    /** Where a message's metadata keeps the id that the client gave it. */
    private static final String CLIENT_ID = "client_id";

    /**
     * The format that a request asks for.
     *
     * @throws Problem 400 when it does not exist
     */
    public static MessageFormat of(HttpRequest request) {
        return switch (request.parameter("format").orElse("")) {
            case "" -> NATIVE;
            case "ui-messages" -> UI_MESSAGES;
            default -> throw Problem.badRequest("format must be ui-messages, or left out.");
        };
    }

    /** Whether answers without any text are shown by default, so that a page can offer a retry. */
    public boolean showsFailures() {
        return this == UI_MESSAGES;
    }

    public void write(JsonGenerator json, Message message) throws IOException {
        switch (this) {
            case NATIVE -> message.write(json);
            case UI_MESSAGES -> writeUiMessage(json, message);
        }
    }

    private static void writeUiMessage(JsonGenerator json, Message message) throws IOException {
        var kept = message.tree();
        json.writeStartObject();
        String id = message.id().toString();
        json.writeStringField(
                "id", kept.has("edit_of") ? id : kept.path(CLIENT_ID).asText(id));
        json.writeStringField("role", message.role());
        json.writeFieldName("parts");
        json.writeRawValue(JsonText.of(parts(message, kept.path("ui_parts"))));
        json.writeFieldName("metadata");
        message.replacedBy(kept.path("replaced_by_id")).writeMetadata(json);
        json.writeEndObject();
    }

    private static JsonNode parts(Message message, JsonNode parts) {
        ArrayNode shown = Json.MAPPER.createArrayNode();
        if (message.isRunning()) {
            return shown;
        }
        if (parts.isArray()) {
            parts.valueStream().filter(part -> part.path("type").isTextual()).forEach(shown::add);
        } else {
            shown.addObject().put("type", "text").put("text", message.content());
        }
        return shown;
    }

    /** The query parameter of a link in this format. */
    public String parameter() {
        return switch (this) {
            case NATIVE -> "";
            case UI_MESSAGES -> "&format=ui-messages";
        };
    }
}
