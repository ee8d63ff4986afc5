package history.chat.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import history.chat.model.Completion.FinishReason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Streamed chat completions, as OpenAI defines them and most servers imitate: https://platform.openai.com/docs/api-reference/chat. */
final class OpenAiProtocol implements Protocol {
    static final URI BASE_URL = URI.create("https://api.openai.com/v1");

    private static final Set<String> RATE_CODES =
            Set.of("429", "503", "529", "rate_limit_exceeded", "rate_limit_error");

    private final ModelConfig config;
    private final URI baseUrl;
    private final boolean asksForUsage;

    OpenAiProtocol(ModelConfig config) {
        this(config, true);
    }

    private OpenAiProtocol(ModelConfig config, boolean asksForUsage) {
        this.config = config;
        this.asksForUsage = asksForUsage;
        this.baseUrl = Objects.requireNonNullElse(config.baseUrl(), BASE_URL);
    }

    @Override
    public HttpRequest request(Prompt prompt, TimeLimit limit) {
        var body = ProviderJson.object().put("model", prompt.model()).put("stream", true);
        if (asksForUsage) {
            body.putObject("stream_options").put("include_usage", true);
        }
        var messages = body.putArray("messages");
        if (prompt.system() != null) {
            messages.addObject().put("role", "system").put("content", prompt.system());
        }
        for (var message : prompt.messages()) {
            var each = messages.addObject().put("role", message.role().text());
            if (message.images().isEmpty()) {
                each.put("content", message.content());
            } else {
                writeParts(message, each.putArray("content"));
            }
        }
        if (prompt.temperature() != null) {
            body.put("temperature", prompt.temperature());
        }
        body.put(limitName(), prompt.maxTokens());
        var request = HttpRequest.newBuilder(URI.create(baseUrl + "/chat/completions"))
                .header("Content-Type", "application/json")
                .header("Accept", contentType())
                .POST(BodyPublishers.ofString(body.toString()));
        if (config.apiKey() != null) {
            request.header("Authorization", "Bearer " + config.key());
        }
        return request.build();
    }

    private static void writeParts(ChatMessage message, ArrayNode content) {
        if (!message.content().isEmpty()) {
            content.addObject().put("type", "text").put("text", message.content());
        }
        for (var image : message.images()) {
            content.addObject().put("type", "image_url").putObject("image_url").put("url", image.url());
        }
    }

    /** The name of the token limit: OpenAI's newer models refuse the old name, other servers do not know the new one. */
    private String limitName() {
        return baseUrl.getHost().endsWith("openai.com") ? "max_completion_tokens" : "max_tokens";
    }

    /** Older servers refuse the field that asks for the usage. */
    @Override
    public @Nullable Protocol conceding(int status, String errorBody) {
        return asksForUsage && (status == 400 || status == 422) && errorBody.contains("stream_options")
                ? new OpenAiProtocol(config, false)
                : null;
    }

    @Override
    public void read(InputStream body, CompletionBuilder answer) throws IOException {
        var events = new EventLines(body);
        for (var data = events.next(); data != null; data = events.next()) {
            if (data.equals("[DONE]")) {
                answer.end();
                return;
            }
            readChunk(ProviderJson.read(data.getBytes(UTF_8)), answer);
        }
    }

    private static void readChunk(JsonNode chunk, CompletionBuilder answer) {
        if (chunk.hasNonNull("error")) {
            var error = chunk.get("error");
            var code = error.path("code").asText();
            var type = error.path("type").asText();
            throw ProviderJson.brokenOff(
                    error.hasNonNull("code") ? code : type, RATE_CODES.contains(code) || RATE_CODES.contains(type));
        }
        answer.answeredBy(ProviderJson.text(chunk.path("model")));
        var usage = chunk.path("usage");
        if (usage.hasNonNull("prompt_tokens")) {
            answer.read(usage.path("prompt_tokens"));
            answer.wrote(usage.path("completion_tokens"));
        }
        for (var choice : chunk.path("choices")) {
            if (choice.path("index").asInt() == 0) {
                readChoice(choice, answer);
            }
        }
    }

    private static void readChoice(JsonNode choice, CompletionBuilder answer) {
        var delta = choice.path("delta");
        if (delta.path("refusal").isTextual()) {
            answer.add(delta.path("refusal").textValue());
            answer.refuses();
        }
        if (!delta.path("tool_calls").isEmpty()) {
            answer.callsTool();
        }
        readContent(delta.path("content"), answer);
        var reason = ProviderJson.text(choice.path("finish_reason"));
        if (!reason.isEmpty()) {
            answer.finish(finishReason(reason));
        }
    }

    /** A text, or a list of parts: Mistral's reasoning models send their thoughts in it, too. */
    private static void readContent(JsonNode content, CompletionBuilder answer) {
        answer.add(ProviderJson.text(content));
        for (var part : content) {
            if (ProviderJson.text(part.path("type")).equals("text")) {
                answer.add(ProviderJson.text(part.path("text")));
            }
        }
    }

    private static FinishReason finishReason(String reason) {
        return switch (reason) {
            case "stop" -> FinishReason.STOP;
            case "length" -> FinishReason.LENGTH;
            case "content_filter" -> FinishReason.REFUSED;
            default -> FinishReason.OTHER;
        };
    }
}
