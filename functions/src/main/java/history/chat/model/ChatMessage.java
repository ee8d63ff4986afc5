package history.chat.model;

import java.util.Locale;

/** One message of the conversation that a model is shown. */
public record ChatMessage(Role role, String content) {

    /** Who speaks. */
    public enum Role {
        USER,
        ASSISTANT;

        /** As the database, the HTTP contract and the providers spell it: {@code user}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Reads what {@link #text()} writes. */
        public static Role of(String text) {
            return switch (text) {
                case "user" -> USER;
                case "assistant" -> ASSISTANT;
                default -> throw new IllegalArgumentException("role must be user or assistant: " + text);
            };
        }
    }

    public static ChatMessage user(String content) {
        return new ChatMessage(Role.USER, content);
    }
}
