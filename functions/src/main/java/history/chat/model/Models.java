package history.chat.model;

import java.util.Map;

/** Which model answers. */
public final class Models {
    private Models() {}

    /**
     * The model that the configuration names; no other provider's classes are loaded.
     *
     * @throws IllegalArgumentException when the environment lacks what the provider needs, such as {@code AWS_REGION}
     */
    public static ChatModel from(ModelConfig config, Map<String, String> environment) {
        return switch (config.provider()) {
            case ECHO -> new EchoModel(config);
            case ANTHROPIC -> new RemoteModel(config, new AnthropicProtocol(config));
            case BEDROCK -> new RemoteModel(config, new BedrockProtocol(config, environment));
            case OPENAI -> new RemoteModel(config, new OpenAiProtocol(config));
        };
    }
}
