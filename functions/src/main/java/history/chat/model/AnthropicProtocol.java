package history.chat.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import history.chat.model.Completion.FinishReason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Objects;
import java.util.Set;

/** Streamed messages of Claude: https://docs.anthropic.com/en/api/messages-streaming. */
final class AnthropicProtocol implements Protocol {
    private static final URI BASE_URL = URI.create("https://api.anthropic.com/v1");

    private static final Set<String> BUSY = Set.of("overloaded_error", "rate_limit_error");

    private final ModelConfig config;
    private final URI address;

    AnthropicProtocol(ModelConfig config) {
        this.config = config;
        this.address = URI.create(Objects.requireNonNullElse(config.baseUrl(), BASE_URL) + "/messages");
    }

    @Override
    public HttpRequest request(Prompt prompt, TimeLimit limit) {
        var body = ProviderJson.object()
                .put("model", prompt.model())
                .put("stream", true)
                .put("max_tokens", prompt.maxTokens());
        if (prompt.system() != null) {
            body.put("system", prompt.system());
        }
        if (prompt.temperature() != null) {
            body.put("temperature", prompt.temperature());
        }
        var messages = body.putArray("messages");
        for (var message : prompt.messages()) {
            var content =
                    messages.addObject().put("role", message.role().text()).putArray("content");
            if (!message.content().isEmpty()) {
                content.addObject().put("type", "text").put("text", message.content());
            }
            for (var image : message.images()) {
                var source = content.addObject().put("type", "image").putObject("source");
                if (image.isData()) {
                    source.put("type", "base64")
                            .put("media_type", image.mediaType())
                            .put("data", image.base64());
                } else {
                    source.put("type", "url").put("url", image.url());
                }
            }
        }
        var request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .header("Accept", contentType())
                .header("anthropic-version", "2023-06-01")
                .POST(BodyPublishers.ofString(body.toString()));
        if (config.apiKey() != null) {
            request.header("x-api-key", config.key());
        }
        return request.build();
    }

    @Override
    public void read(InputStream body, CompletionBuilder answer) throws IOException {
        var events = new EventLines(body);
        var data = events.next();
        while (data != null && readEvent(ProviderJson.read(data.getBytes(UTF_8)), answer)) {
            data = events.next();
        }
    }

    /** False after the last event; kinds that are not known are left out, as the documentation asks. */
    private static boolean readEvent(JsonNode event, CompletionBuilder answer) {
        switch (ProviderJson.text(event.path("type"))) {
            case "message_start" -> readStart(event.path("message"), answer);
            case "content_block_delta" ->
                answer.add(ProviderJson.text(event.path("delta").path("text")));
            case "message_delta" -> readEnd(event, answer);
            case "message_stop" -> {
                return false;
            }
            case "error" -> throw failure(ProviderJson.text(event.path("error").path("type")));
            default -> {}
        }
        return true;
    }

    private static void readStart(JsonNode message, CompletionBuilder answer) {
        answer.answeredBy(ProviderJson.text(message.path("model")));
        var usage = message.path("usage");
        if (usage.hasNonNull("input_tokens")) {
            answer.read(
                    usage.path("input_tokens"),
                    usage.path("cache_creation_input_tokens"),
                    usage.path("cache_read_input_tokens"));
        }
    }

    private static void readEnd(JsonNode event, CompletionBuilder answer) {
        if (event.path("usage").hasNonNull("output_tokens")) {
            answer.wrote(event.path("usage").path("output_tokens"));
        }
        var reason = ProviderJson.text(event.path("delta").path("stop_reason"));
        if (!reason.isEmpty()) {
            answer.finish(finishReason(reason));
        }
    }

    private static FinishReason finishReason(String reason) {
        return switch (reason) {
            case "end_turn", "stop_sequence" -> FinishReason.STOP;
            case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
            case "refusal" -> FinishReason.REFUSED;
            default -> FinishReason.OTHER;
        };
    }

    private static ModelFailure failure(String type) {
        return ProviderJson.brokenOff(type, BUSY.contains(type));
    }
}
