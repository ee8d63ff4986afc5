package history.chat.model;

import history.config.Variables;

/** Which model answers. */
public final class Models {
    private Models() {}

    /**
     * The model that the configuration names; no other provider's classes are loaded.
     *
     * @throws IllegalArgumentException when the environment lacks what the provider needs, such as {@code AWS_REGION}
     */
    public static ChatModel from(ModelConfig config, Variables variables) {
        return switch (config.provider()) {
            case ECHO -> new EchoModel();
            case ANTHROPIC -> new RemoteModel(config, new AnthropicProtocol(config));
            case BEDROCK -> new RemoteModel(config, new BedrockProtocol(config, variables));
            case OPENAI -> new RemoteModel(config, new OpenAiProtocol(config));
        };
    }
}
