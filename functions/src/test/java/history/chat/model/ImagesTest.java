package history.chat.model;

import static history.chat.model.ModelServer.answers;
import static history.chat.model.ModelServer.streams;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import history.chat.model.ChatMessage.Image;
import history.chat.model.ChatMessage.Role;
import history.chat.model.ModelServer.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each provider gets images in its own words, and one that it refuses does not end the conversation. */
class ImagesTest {
    private static final Image DATA = new Image("image/png", "data:image/png;base64,AAAA");
    private static final Image LINK = new Image("image/jpeg", "https://example.com/a.jpg");

    private static Prompt prompt() {
        return prompt(DATA, LINK);
    }

    private static Prompt prompt(Image... images) {
        var message = new ChatMessage(Role.USER, "Look", List.of(images));
        return new Prompt(null, List.of(message), "model-1", null, 4096, Duration.ofSeconds(20));
    }

    private static JsonNode content(String provider) throws Exception {
        return content(provider, prompt());
    }

    private static JsonNode content(String provider, Prompt prompt) throws Exception {
        try (var server = new ModelServer(ModelServer.answers(404, "", "{}"))) {
            var asking = new Asking(provider, server, Map.of("AWS_REGION", "eu-central-1"));
            try {
                asking.answer(prompt);
            } catch (ModelFailure.Failed refused) {
                // Only what was asked counts.
            }
            return new JsonMapper()
                    .readTree(server.requests().getFirst().body())
                    .at("/messages/0/content");
        }
    }

    private static JsonNode tree(String json) throws Exception {
        return new JsonMapper().readTree(json);
    }

    @Test
    void openAi() throws Exception {
        assertEquals(tree("""
                [{"type": "text", "text": "Look"},
                 {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
                 {"type": "image_url", "image_url": {"url": "https://example.com/a.jpg"}}]"""), content("openai"));
    }

    @Test
    void anthropic() throws Exception {
        assertEquals(tree("""
                [{"type": "text", "text": "Look"},
                 {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
                 {"type": "image", "source": {"type": "url", "url": "https://example.com/a.jpg"}}]"""), content("anthropic"));
    }

    @Test
    void bedrockWhichFetchesNothing() throws Exception {
        assertEquals(tree("""
                [{"text": "Look"},
                 {"image": {"format": "png", "source": {"bytes": "AAAA"}}},
                 {"text": "[An image (image/jpeg) that cannot be shown here]"}]"""), content("bedrock"));
    }

    @Test
    void everyProviderGetsATypeAsItSpellsIt() throws Exception {
        for (var type : List.of("image/PNG", "image/jpg", "Image/JPEG; charset=binary")) {
            var said = new Image(type, "data:" + type + ";base64,AAAA");
            var meant = type.equals("image/PNG") ? DATA : new Image("image/jpeg", "data:image/jpeg;base64,AAAA");
            for (var provider : List.of("openai", "anthropic", "bedrock")) {
                assertEquals(content(provider, prompt(meant)), content(provider, prompt(said)));
            }
        }
        var image = new Image("image/jpg", "data:image/JPG;base64,AAAA");
        assertEquals("image/jpeg", image.mediaType());
        assertEquals("data:image/jpeg;base64,AAAA", image.url());
    }

    static List<Reply> refusals() {
        return List.of(
                answers(400, "", "{\"error\": {}}"),
                answers(404, "", "{\"error\": {\"message\": \"No endpoints found that support image input\"}}"),
                answers(500, "", "{\"error\": {\"message\": \"image input is not supported\"}}"),
                answers(200, "content-type: application/json\r\n", "{\"error\": {\"code\": 400}}"),
                streams("data: {\"error\": {\"code\": 400}}\n\n"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatIsRefusedWithAnImageIsAskedWithALineInItsPlace(Reply refusal) throws Exception {
        var answer =
                "data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        try (var server = new ModelServer(refusal, streams(answer))) {
            var completion = new Asking("openai", server, Map.of()).answer(prompt());
            assertEquals("Hello", completion.text());
            var second = server.requests().getLast().body();
            assertFalse(second.contains("image_url"), second);
            assertTrue(second.contains("[An image (image/png) that cannot be shown here]"), second);
        }
    }
}
