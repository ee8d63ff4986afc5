package history.chat.model;

import static history.chat.model.ChatMessage.Role.ASSISTANT;
import static history.chat.model.ChatMessage.Role.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptTest {
    private static List<ChatMessage> shown(ChatMessage... messages) {
        return new Prompt(null, List.of(messages), "echo", null, 4096, Duration.ofSeconds(1)).messages();
    }

    @Test
    void lettingTheUserBeginTheTwoSidesTakeTurns() {
        assertEquals(
                List.of(
                        new ChatMessage(USER, "One\n\nTwo"),
                        new ChatMessage(ASSISTANT, "Yes?"),
                        new ChatMessage(USER, "Three")),
                shown(
                        new ChatMessage(ASSISTANT, "Too early"),
                        new ChatMessage(USER, "One"),
                        new ChatMessage(ASSISTANT, " "),
                        new ChatMessage(USER, "Two"),
                        new ChatMessage(ASSISTANT, "Yes?"),
                        new ChatMessage(USER, "Three")));
    }

    @Test
    void whatIsBlankIsShownOnlyWhereItIsTheQuestion() {
        var blank = new ChatMessage(USER, " \n");
        assertEquals(List.of(blank), shown(blank));
        assertEquals(
                List.of(new ChatMessage(USER, "One"), new ChatMessage(ASSISTANT, "Yes?"), blank),
                shown(new ChatMessage(USER, "One"), blank, new ChatMessage(ASSISTANT, "Yes?"), blank));
    }

    @Test
    void thereIsAlwaysAQuestionAtTheEnd() {
        assertThrows(IllegalArgumentException.class, PromptTest::shown);
        assertThrows(IllegalArgumentException.class, () -> shown(new ChatMessage(ASSISTANT, "Yes?")));
    }
}
