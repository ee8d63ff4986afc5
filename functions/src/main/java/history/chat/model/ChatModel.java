package history.chat.model;

import java.util.Map;
import java.util.function.Consumer;

/** A language model that answers a conversation piece by piece. */
public interface ChatModel {

    /**
     * Blocks until the answer is complete and returns it; the text of all deltas put together is {@link Completion#text()}.
     *
     * <p>Returns or throws soon after {@link Prompt#timeLimit()}, however silent or slow the model is, and never calls the
     * model a second time. A failure says nothing of what had arrived: that is what {@code onDelta} has seen. Safe for use by
     * several threads.
     *
     * @param onDelta gets each non-empty piece of text as it arrives, on the calling thread; what it throws ends the call
     * @throws ModelFailure when there is no complete answer
     */
    Completion answer(Prompt prompt, Consumer<String> onDelta);

    /**
     * The model that the configuration names; no other provider's classes are loaded.
     *
     * @throws IllegalArgumentException when the environment lacks what the provider needs, such as {@code AWS_REGION}
     */
    static ChatModel from(ModelConfig config, Map<String, String> environment) {
        return switch (config.provider()) {
            case ECHO -> new EchoModel(config);
            case ANTHROPIC -> new RemoteModel(config, new AnthropicProtocol(config));
            case BEDROCK -> new RemoteModel(config, new BedrockProtocol(config, environment));
            case OPENAI -> new RemoteModel(config, new OpenAiProtocol(config));
        };
    }
}
