package history.chat.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.chat.model.ModelConfig;
import history.fixture.Configured;
import history.http.Problem;
import history.text.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The list of shapes by which the migration reads arrays holds for requests, as far as they may have these shapes. */
class MessageShapesTest {
    private static final ModelConfig CONFIG = Configured.read(Map.of("CHAT_PROVIDER", "echo"), ModelConfig::from);

    @Test
    void aRequestIsReadLikeTheElementOfAnArray() throws Exception {
        int read = 0;
        for (JsonNode row : rows()) {
            Optional<String> text = accepted(row.get("element"));
            if (text.isPresent()) {
                assertEquals(row.path("content").textValue(), text.get(), row::toString);
                read++;
            }
        }
        assertTrue(read > 10, read + " rows were read");
    }

    @Test
    void whatIsNoMessageInAnArrayIsRefusedInARequest() throws Exception {
        List<JsonNode> refused =
                rows().stream().filter(row -> row.has("reason")).toList();
        assertTrue(refused.size() > 1, refused::toString);
        for (JsonNode row : refused) {
            assertThrows(Problem.class, () -> dialect(row.get("element")), row::toString);
        }
    }

    /** Rows of the list that a client could send as a user's message: with parts, or with a text that is all it has. */
    private static List<JsonNode> rows() throws Exception {
        try (var file = MessageShapesTest.class.getResourceAsStream("/history/migration/shapes.json")) {
            JsonNode list = Json.MAPPER.readTree(Objects.requireNonNull(file));
            return StreamSupport.stream(list.spliterator(), false)
                    .filter(row -> row.path("element").path("role").asText().equals("user"))
                    .filter(row -> row.path("element").path("parts").isArray()
                            || row.path("content").equals(row.path("element").path("content")))
                    .toList();
        }
    }

    private static Optional<String> accepted(JsonNode element) {
        try {
            return Optional.of(dialect(element));
        } catch (Problem refused) {
            return Optional.empty();
        }
    }

    private static String dialect(JsonNode element) {
        ObjectNode message = element.deepCopy();
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("id", "chat");
        body.putArray("messages").add(message);
        return Objects.requireNonNull(
                Objects.requireNonNull(Dialects.of(body).read(body, CONFIG).said())
                        .text());
    }
}
