package history.chat.dialect;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import history.text.JsonText;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The parts that an answer has, as the chunks of a UI message stream, of which a client makes them anew. Left out is what has no chunk, or
 * none that every client knows, and what a strict client would end the stream at.
 */
record StoredParts(BiConsumer<String, JsonText.Writer> chunks) {
    void write(JsonNode parts) {
        parts.forEach(part -> write(part.path("type").asText(), part));
    }

    private void write(String type, JsonNode part) {
        switch (type) {
            case "text", "reasoning" -> text(type, part.path("text").asText());
            case "step-start" -> chunks.accept("start-step", json -> {});
            case "file" -> copy(type, part, List.of("url", "mediaType"));
            case "source-url" -> copy(type, part, List.of("sourceId", "url"), "title");
            case "source-document" -> copy(type, part, List.of("sourceId", "mediaType", "title"), "filename");
            case "dynamic-tool" -> call(part, part.path("toolName").asText(), true);
            default -> {
                if (type.startsWith("tool-")) {
                    call(part, type.substring("tool-".length()), false);
                } else if (type.startsWith("data-") && part.has("data")) {
                    chunks.accept(type, json -> {
                        if (part.path("id").isTextual()) {
                            json.writeStringField("id", part.path("id").asText());
                        }
                        value(json, "data", part);
                    });
                }
            }
        }
    }

    private void text(String type, String text) {
        chunks.accept(type + "-start", json -> json.writeStringField("id", type));
        chunks.accept(type + "-delta", json -> {
            json.writeStringField("id", type);
            json.writeStringField("delta", text);
        });
        chunks.accept(type + "-end", json -> json.writeStringField("id", type));
    }

    private void copy(String type, JsonNode part, List<String> required, String... optional) {
        if (required.stream().allMatch(field -> part.path(field).isTextual())) {
            chunks.accept(type, json -> {
                for (var field :
                        Stream.concat(required.stream(), Stream.of(optional)).toList()) {
                    if (part.path(field).isTextual()) {
                        json.writeStringField(field, part.path(field).asText());
                    }
                }
            });
        }
    }

    /** Its input comes as if it were still being written: of one that is available a page would run the tool again. */
    private void call(JsonNode part, String name, boolean dynamic) {
        if (!part.path("toolCallId").isTextual()) {
            return;
        }
        var id = part.path("toolCallId").asText();
        chunks.accept("tool-input-start", json -> {
            json.writeStringField("toolCallId", id);
            json.writeStringField("toolName", name);
            json.writeBooleanField("dynamic", dynamic);
        });
        chunks.accept("tool-input-delta", json -> {
            json.writeStringField("toolCallId", id);
            json.writeStringField("inputTextDelta", text(part.path("input")));
        });
        var state = part.path("state").asText();
        if (state.equals("output-available")
                || (state.equals("output-error") && part.path("errorText").isTextual())) {
            chunks.accept("tool-" + state, json -> {
                json.writeStringField("toolCallId", id);
                var outcome = state.equals("output-error") ? "errorText" : "output";
                value(json, outcome, part);
                json.writeBooleanField("dynamic", dynamic);
            });
        }
    }

    private static void value(JsonGenerator json, String field, JsonNode part) throws IOException {
        json.writeFieldName(field);
        json.writeRawValue(text(part.path(field)));
    }

    private static String text(JsonNode value) {
        return value.isMissingNode() ? "null" : JsonText.of(value);
    }
}
