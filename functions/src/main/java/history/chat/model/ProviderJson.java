package history.chat.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Requests to a provider and its events, as JSON trees. */
final class ProviderJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ProviderJson() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static byte[] bytes(ObjectNode object) {
        try {
            return MAPPER.writeValueAsBytes(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    static JsonNode read(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw notUnderstood();
        }
    }

    static JsonNode read(byte[] text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw notUnderstood();
        }
    }

    /** The text; empty if the node is missing, null or not a text. */
    static String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : "";
    }

    /** Without the cause: Jackson's message quotes the text. */
    private static ModelFailure notUnderstood() {
        return new ModelFailure.Failed("The model's answer is not JSON");
    }
}
