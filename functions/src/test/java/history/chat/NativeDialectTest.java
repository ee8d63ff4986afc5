package history.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import history.chat.model.ScriptedModel.Script;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeDialectTest {
    @Test
    void storesTheMessageAndItsAnswer() {
        try (var chats = Chats.with(Script.says("Hel", "lo"))) {
            var answer = chats.send("""
                    {"message": "Say hello to me please and more words"}
                    """);
            assertEquals(200, answer.status(), answer.body());
            assertEquals("Hello", answer.json().at("/message/content").asText(), answer.body());
            assertEquals(
                    List.of("user: Say hello to me please and more words", "assistant: Hello (completed)"),
                    chats.rows());
            assertEquals(List.of("Say hello to me please and"), chats.query("select title from public.conversations"));
            System.err.println(answer.body());
        }
    }
}
