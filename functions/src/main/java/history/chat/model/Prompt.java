package history.chat.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a model is asked.
 *
 * @param system the system prompt, or null for none
 * @param messages oldest first, the last one the user's
 * @param model one of {@link ModelConfig#allowedModels()}, or null for the configured one
 * @param temperature 0 to 2, or null for the model's own
 * @param maxTokens the longest answer in tokens, or null for {@link ModelConfig#maxTokens()}
 * @param timeLimit how long the whole answer may take from the call on; the shorter of this and {@link
 *     ModelConfig#timeout()} holds, so a function passes its remaining time less what it needs afterwards
 */
public record Prompt(
        @Nullable String system,
        List<ChatMessage> messages,
        @Nullable String model,
        @Nullable Double temperature,
        @Nullable Integer maxTokens,
        Duration timeLimit) {

    public Prompt {
        messages = List.copyOf(messages);
        if (messages.isEmpty() || messages.getLast().role() != ChatMessage.Role.USER) {
            throw new IllegalArgumentException("a prompt must end with a message of the user");
        }
        if (temperature != null && !(temperature >= 0 && temperature <= 2)) {
            throw new IllegalArgumentException("temperature must be 0 to 2: " + temperature);
        }
        if (maxTokens != null && maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1: " + maxTokens);
        }
    }

    /** Several messages of one speaker in a row, as one; for providers that insist on turns. */
    record Turn(ChatMessage.Role role, List<String> texts) {}

    /** The conversation in turns, the user's first, without system messages and without what is blank. */
    List<Turn> turns() {
        var turns = new ArrayList<Turn>();
        for (var message : messages) {
            if (message.role() == ChatMessage.Role.SYSTEM || message.content().isBlank()) {
                continue;
            }
            if (turns.isEmpty() || turns.getLast().role() != message.role()) {
                turns.add(new Turn(message.role(), new ArrayList<>()));
            }
            turns.getLast().texts().add(message.content());
        }
        if (!turns.isEmpty() && turns.getFirst().role() != ChatMessage.Role.USER) {
            turns.removeFirst();
        }
        return turns;
    }

    /** The system prompt followed by the conversation's system messages, for providers that keep these apart. */
    List<String> instructions() {
        var said = messages.stream()
                .filter(message -> message.role() == ChatMessage.Role.SYSTEM)
                .map(ChatMessage::content);
        return Stream.concat(Stream.ofNullable(system), said)
                .filter(text -> !text.isBlank())
                .toList();
    }
}
