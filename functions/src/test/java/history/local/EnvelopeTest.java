package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvelopeTest {
    private static final String HEAD = "{\"statusCode\":200,\"headers\":{\"content-type\":\"text/event-stream\"},";

    private final List<String> arrived = new ArrayList<>();
    private JsonNode head = new ObjectMapper().nullNode();

    private final Envelope envelope = new Envelope(target());

    @Test
    void handsOnWhatWasFlushedBeforeTheRestIsWritten() throws Exception {
        write(HEAD + "\"body\":\"data: one\\n\\n");
        envelope.flush();

        assertEquals(200, head.path("statusCode").asInt());
        assertEquals(
                "text/event-stream", head.path("headers").path("content-type").asText());
        assertEquals(List.of("data: one\n\n"), arrived);

        write("data: two\\n\\n\"}");
        envelope.close();

        assertEquals(List.of("data: one\n\n", "data: two\n\n"), arrived);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "\"quoted\" and \\ and / and \b\f\n\r\t",
                "emoji 😀, umlaut ä, right to left שלום",
                "\u0001\u001f\u007f\u2028",
                "\"body\":\"a body in a body\"}"
            })
    void givesBackEveryText(String text) throws Exception {
        for (var escaping : List.of(false, true)) {
            arrived.clear();
            var json = new ObjectMapper()
                    .configure(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature(), escaping)
                    .writeValueAsString(text);
            var whole = new Envelope(target());
            whole.write((HEAD + "\"body\" : " + json + "}").getBytes(StandardCharsets.UTF_8));
            whole.close();

            assertEquals(text, String.join("", arrived));
        }
    }

    private Envelope.Target target() {
        return new Envelope.Target() {
            @Override
            public void head(JsonNode answer) {
                head = answer;
            }

            @Override
            public void body(byte[] bytes) {
                arrived.add(new String(bytes, StandardCharsets.UTF_8));
            }

            @Override
            public void flush() {}
        };
    }

    @Test
    void isNotMisledByABodyInTheHeaders() throws Exception {
        write(new ObjectMapper()
                .writeValueAsString(
                        Map.of("headers", Map.of("body", "no", "x", "\"body\":\"no\""), "statusCode", 204)));
        envelope.close();

        assertEquals(204, head.path("statusCode").asInt());
        assertEquals("no", head.path("headers").path("body").asText());
        assertEquals(List.of(), arrived);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "null",
                HEAD,
                HEAD + "\"body\":\"cut o",
                HEAD + "\"body\":\"\",\"isBase64Encoded\":true}"
            })
    void refusesAnAnswerThatIsNotWhole(String answer) {
        assertThrows(IOException.class, () -> {
            write(answer);
            envelope.close();
        });
    }

    private void write(String text) throws IOException {
        envelope.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
