package history.chat.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Configured;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EchoModelTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("CHAT_PROVIDER", "echo");
    private final ChatModel model = Configured.read(ENVIRONMENT, Asking::model);

    @Test
    void repeatsWhatWasSaid() {
        var answer = answer(ChatMessage.user("My name is Ada.")).text();
        assertEquals("You said: My name is Ada.\nThis is the first message I can see.", answer);
    }

    @Test
    void showsThatItRemembers() {
        var answer = answer(
                ChatMessage.user("My name is Ada."),
                new ChatMessage(ChatMessage.Role.ASSISTANT, "Hello Ada."),
                ChatMessage.user("What is my name?"));
        assertEquals(
                "You said: What is my name?\nI can see 3 messages. Before that you said: My name is Ada.",
                answer.text());
        assertEquals("echo", answer.model());
    }

    @Test
    void speaksWordByWordAndLosesNoBlank() {
        var deltas = new ArrayList<String>();
        var completion = model.answer(prompt(ChatMessage.user("one  two\n three 👋🏽 ")), new Transcript(deltas::add));
        assertTrue(deltas.size() > 5, deltas::toString);
        assertEquals(completion.text(), String.join("", deltas));
        assertTrue(completion.text().contains("one  two\n three 👋🏽 "), completion::text);
    }

    private Completion answer(ChatMessage... messages) {
        return model.answer(prompt(messages), new Transcript(delta -> {}));
    }

    private static Prompt prompt(ChatMessage... messages) {
        return new Prompt(null, List.of(messages), "echo", null, 4096, Duration.ofSeconds(5));
    }
}
