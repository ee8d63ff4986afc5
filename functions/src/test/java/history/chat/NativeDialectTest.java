package history.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import history.chat.model.ScriptedModel.Script;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeDialectTest {
    private static final String BODY = "{\"message\": \"Say hello to me please and more words\"}";

    @Test
    void answersWithBothMessagesAsTheyAreStored() {
        try (var chats = Chats.with(Script.says("Hel", "lo"))) {
            JsonNode answer = chats.send(BODY).json();
            assertEquals("Hello", answer.at("/message/content").asText());
            assertEquals("assistant", answer.at("/message/role").asText());
            assertEquals("completed", answer.at("/message/metadata/status").asText());
            assertEquals(2, answer.at("/message/seq").asInt());
            assertEquals(
                    "Say hello to me please and more words",
                    answer.at("/user_message/content").asText());
            assertEquals(
                    answer.at("/conversation_id").asText(),
                    answer.at("/message/metadata/conversationId").asText());
            assertTrue(answer.at("/message/metadata/reply_to").isMissingNode(), "for the server alone");
            assertEquals(
                    List.of("user: Say hello to me please and more words", "assistant: Hello (completed)"),
                    chats.rows());
        }
    }

    @Test
    void callsAConversationByTheFirstSixWords() {
        try (var chats = Chats.with(Script.says("Hello"))) {
            chats.send(BODY);
            assertEquals(List.of("Say hello to me please and"), chats.query("select title from public.conversations"));
        }
    }
}
