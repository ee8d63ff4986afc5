package history.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import history.chat.model.ModelFailure;
import history.chat.model.ScriptedModel.Script;
import history.fixture.Answer;
import history.fixture.Call;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The front end that was there first, as its wire format is described, reading byte by byte or all at once. */
class FrontEndClientTest {
    private static final JsonMapper JSON = new JsonMapper();

    /** What it makes of a reply: it ignores the content type and all lines that do not begin with {@code data: }. */
    private static final class Client {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder line = new StringBuilder();
        private int progress;
        private JsonNode result = JSON.nullNode();
        private String error = "";

        Client read(Answer answer, int bytesAtOnce) throws IOException {
            var bytes = new ByteArrayInputStream(answer.body().getBytes(StandardCharsets.UTF_8)) {
                @Override
                public synchronized int read(byte[] buffer, int offset, int length) {
                    return super.read(buffer, offset, Math.min(length, bytesAtOnce));
                }
            };
            try (Reader reader = new InputStreamReader(bytes, StandardCharsets.UTF_8)) {
                for (int next = reader.read(); next != -1 && result.isNull(); next = reader.read()) {
                    if (next == '\n') {
                        end(line.toString());
                        line.setLength(0);
                    } else {
                        line.append((char) next);
                    }
                }
            }
            return this;
        }

        private void end(String line) throws IOException {
            if (!line.startsWith("data: ")) {
                return;
            }
            JsonNode event = JSON.readTree(line.substring("data: ".length()));
            switch (event.path("status").asText()) {
                case "processing" -> {
                    progress++;
                    text.append(event.path("delta").asText());
                }
                case "completed" -> result = event.path("result");
                case "error" -> error = event.path("error").asText();
                default -> throw new AssertionError(line);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, Integer.MAX_VALUE})
    void readsAnAnswerHoweverItArrives(int bytesAtOnce) throws IOException {
        try (var chats =
                Chats.with(Script.says("Grüße, ", "\"Ada\" ", "😀\n", "data: no event"), Script.says("Second"))) {
            Client first = new Client().read(chats.send("""
                    {"messages": [{"role": "user", "content": "Hallo"}], "model": "echo", "temperature": 0.7, "maxTokens": 100}
                    """), bytesAtOnce);
            assertEquals("Grüße, \"Ada\" 😀\ndata: no event", first.text.toString());
            assertEquals(first.text.toString(), first.result.path("content").asText());
            assertTrue(first.progress >= 4);
            String id = first.result.path("conversationId").asText();
            Client second = new Client().read(chats.send("""
                    {"messages": [{"role": "user", "content": "Hallo"}, {"role": "assistant", "content": "Forged"},
                      {"role": "user", "content": "Und?"}], "conversationId": "%s"}
                    """.formatted(id)), bytesAtOnce);
            assertEquals("Second", second.result.path("content").asText());
            assertEquals(id, second.result.path("conversationId").asText());
            assertEquals(
                    List.of(
                            "user: Hallo",
                            "assistant: Grüße, \"Ada\" 😀\ndata: no event (completed)",
                            "user: Und?",
                            "assistant: Second (completed)"),
                    chats.rows());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, Integer.MAX_VALUE})
    void hearsOfAFailure(int bytesAtOnce) throws IOException {
        try (var chats = Chats.with(Script.says("Hel").thenFails(new ModelFailure.TimedOut()))) {
            Client client = new Client()
                    .read(chats.send("{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}"), bytesAtOnce);
            assertTrue(client.error.startsWith("The model took too long"), client.error);
            assertTrue(client.result.isNull());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, Integer.MAX_VALUE})
    void isSpokenByTheNativeDialectToWhoAcceptsEvents(int bytesAtOnce) throws IOException {
        try (var chats = Chats.with(Script.says("Hel", "lo"))) {
            Answer answer = chats.api()
                    .call(Call.post("/api/chat", "{\"message\": \"Hi\"}")
                            .as(chats.ada())
                            .header("Accept", "text/event-stream"));
            assertEquals("text/event-stream", answer.header("content-type").orElse(""));
            assertEquals(
                    "Hello",
                    new Client()
                            .read(answer, bytesAtOnce)
                            .result
                            .path("content")
                            .asText());
        }
    }
}
