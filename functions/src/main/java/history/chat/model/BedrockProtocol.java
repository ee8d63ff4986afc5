package history.chat.model;

import history.access.Role;
import history.chat.model.Completion.FinishReason;
import history.config.Variables;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.eventstream.Message;
import software.amazon.eventstream.MessageDecoder;

/**
 * ConverseStream of Amazon Bedrock, which works with every chat model there:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html.
 *
 * <p>With {@code CHAT_API_KEY} the key is sent as it is; without it the request is signed with the function's role.
 */
final class BedrockProtocol implements Protocol {
    private static final Set<String> BUSY = Set.of("throttlingException", "serviceUnavailableException");

    private final ModelConfig config;
    private final URI baseUrl;
    private final String region;
    private final @Nullable Role role;

    BedrockProtocol(ModelConfig config, Variables variables) {
        this.config = config;
        boolean isSigned = config.apiKey() == null;
        this.region = isSigned || config.baseUrl() == null ? variables.region("CHAT_PROVIDER=bedrock") : "";
        this.baseUrl = Objects.requireNonNullElseGet(
                config.baseUrl(), () -> URI.create("https://bedrock-runtime." + region + ".amazonaws.com"));
        this.role = isSigned ? new Role(variables::orEmpty) : null;
        if (role != null && !role.isThere()) {
            variables.problem("CHAT_PROVIDER=bedrock", "needs CHAT_API_KEY, or " + Role.VARIABLES);
        }
    }

    @Override
    public HttpRequest request(Prompt prompt, TimeLimit limit) {
        var body = ProviderJson.object();
        var messages = body.putArray("messages");
        for (var message : prompt.messages()) {
            var content =
                    messages.addObject().put("role", message.role().text()).putArray("content");
            if (!message.content().isEmpty()) {
                content.addObject().put("text", message.content());
            }
            for (var image : message.images()) {
                if (image.isData()) {
                    var format = image.mediaType().substring("image/".length());
                    content.addObject()
                            .putObject("image")
                            .put("format", format)
                            .putObject("source")
                            .put("bytes", image.base64());
                } else {
                    content.addObject().put("text", image.line());
                }
            }
        }
        if (prompt.system() != null) {
            body.putArray("system").addObject().put("text", prompt.system());
        }
        var inference = body.putObject("inferenceConfig").put("maxTokens", prompt.maxTokens());
        if (prompt.temperature() != null) {
            inference.put("temperature", prompt.temperature());
        }
        var bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        var address = URI.create(baseUrl + "/model/" + encode(prompt.model()) + "/converse-stream");
        var request =
                HttpRequest.newBuilder(address).header("Accept", contentType()).POST(BodyPublishers.ofByteArray(bytes));
        if (role == null) {
            request.header("Content-Type", "application/json").header("Authorization", "Bearer " + config.key());
        } else {
            signed(role, address, bytes, limit).forEach(request::header);
        }
        return request.build();
    }

    private Map<String, String> signed(Role role, URI address, byte[] body, TimeLimit limit) {
        try {
            return role.sign(
                    "bedrock", region, address, Map.of("Content-Type", "application/json"), body, limit.left());
        } catch (IOException e) {
            limit.nextWait();
            throw new ModelFailure.Failed("The function's role gave no credentials", e);
        }
    }

    /** Ids of models contain colons, and those of inference profiles slashes. */
    private static String encode(String model) {
        return URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String contentType() {
        return "application/vnd.amazon.eventstream";
    }

    @Override
    public void read(InputStream body, CompletionBuilder answer) throws IOException {
        var messages = new ArrayDeque<Message>();
        var decoder = new MessageDecoder(messages::add);
        var buffer = new byte[16_384];
        for (var count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            var damage = feed(decoder, buffer, count);
            for (var message = messages.poll(); message != null; message = messages.poll()) {
                if (!readMessage(message, answer)) {
                    return;
                }
            }
            if (damage != null) {
                throw new ModelFailure.Failed("The model's answer is damaged", damage);
            }
        }
    }

    /** Decodes what has arrived; returns what is wrong with the message that cannot be decoded, or null. */
    private static @Nullable RuntimeException feed(MessageDecoder decoder, byte[] buffer, int count) {
        try {
            decoder.feed(buffer, 0, count);
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    /** False after the last message. */
    private static boolean readMessage(Message message, CompletionBuilder answer) {
        if (!header(message, ":message-type").equals("event")) {
            var type = header(message, ":exception-type") + header(message, ":error-code");
            throw ProviderJson.brokenOff(type, BUSY.contains(type));
        }
        var event = ProviderJson.read(message.getPayload());
        switch (header(message, ":event-type")) {
            case "contentBlockDelta" ->
                answer.add(ProviderJson.text(event.path("delta").path("text")));
            case "messageStop" -> answer.finish(finishReason(ProviderJson.text(event.path("stopReason"))));
            case "metadata" -> {
                answer.read(event.path("usage").path("inputTokens"));
                answer.wrote(event.path("usage").path("outputTokens"));
                return !answer.isFinished();
            }
            default -> {}
        }
        return true;
    }

    private static String header(Message message, String name) {
        var value = message.getHeaders().get(name);
        return value == null ? "" : value.getString();
    }

    private static FinishReason finishReason(String reason) {
        return switch (reason) {
            case "end_turn", "stop_sequence" -> FinishReason.STOP;
            case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
            case "guardrail_intervened", "content_filtered" -> FinishReason.REFUSED;
            default -> FinishReason.OTHER;
        };
    }
}
