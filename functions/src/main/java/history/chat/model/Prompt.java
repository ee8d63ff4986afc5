package history.chat.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request to a model.
 *
 * @param system the system prompt, or null for none
 * @param messages oldest first; user and assistant alternate, and the first and the last message are the user's
 * @param model one of {@link ModelConfig#allowedModels()}
 * @param temperature 0 to 2, or null for the model's own
 * @param maxTokens the longest answer in tokens
 * @param timeLimit how long the whole answer may take; the shorter of this and {@link ModelConfig#timeout()} applies. A function passes
 *     its remaining time minus what it needs afterwards
 */
public record Prompt(
        @Nullable String system,
        List<ChatMessage> messages,
        String model,
        @Nullable Double temperature,
        int maxTokens,
        Duration timeLimit) {

    public Prompt {
        if (messages.isEmpty() || messages.getLast().role() != ChatMessage.Role.USER) {
            throw new IllegalArgumentException("a prompt must end with a message of the user");
        }
        messages = inTurn(messages);
        if (temperature != null && !(temperature >= 0 && temperature <= 2)) {
            throw new IllegalArgumentException("temperature must be 0 to 2: " + temperature);
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1: " + maxTokens);
        }
    }

    boolean hasImages() {
        return messages.stream().anyMatch(message -> !message.images().isEmpty());
    }

    /** The same with a line of text in place of each image. */
    Prompt asText() {
        var texts = messages.stream().map(ChatMessage::asText).toList();
        return new Prompt(system, texts, model, temperature, maxTokens, timeLimit);
    }

    /**
     * The form that all models accept: the user begins, and several messages of one side in a row are joined. Blank messages are
     * left out, except the last one.
     */
    private static List<ChatMessage> inTurn(List<ChatMessage> messages) {
        var said = messages.subList(0, messages.size() - 1).stream().filter(message -> !message.isBlank());
        List<ChatMessage> turns = new ArrayList<>();
        Stream.concat(said, Stream.of(messages.getLast())).forEach(message -> {
            if (!turns.isEmpty() && turns.getLast().role() == message.role()) {
                turns.add(turns.removeLast().followedBy(message));
            } else if (!turns.isEmpty() || message.role() == ChatMessage.Role.USER) {
                turns.add(message);
            }
        });
        return List.copyOf(turns);
    }
}
