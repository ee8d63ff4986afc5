package history.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import history.chat.model.ScriptedModel.Script;
import history.fixture.Call;
import history.message.Message;
import history.text.Json;
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

    /** No gateway takes 6 MB; the rest is read from where the message is. */
    @Test
    void cutsWhatIsTooLongForAResponse() {
        var text = "é\"\u0001".repeat(700_000);
        try (var chats = Chats.with(Script.says(text))) {
            var first = chats.send(BODY, "long").json();
            var again = chats.send(BODY, "long");
            assertEquals("true", again.header("idempotency-replayed").orElse(""));
            for (JsonNode answer : List.of(first, again.json())) {
                assertEquals(Message.CUT, answer.at("/message/content").asText().length());
                assertEquals(
                        text.length(),
                        answer.at("/message/metadata/cut/characters").asInt());
            }
            assertEquals(first, again.json());
            var path = "/api/conversations/" + first.path("conversation_id").asText();
            var one = path + "/messages/" + first.at("/message/id").asText();
            for (String read : List.of(path + "?after=1", one)) {
                var shown = chats.api().call(Call.get(read.split("\\?", 2)[0]).as(chats.ada()));
                assertTrue(shown.body().contains("\"cut\":{"), read);
            }
        }
    }

    @Test
    void repeatsTheBeginningOfALongTextInTheLastEvent() {
        var text = "é\"".repeat(400_000);
        try (var chats = Chats.with(Script.says(text))) {
            var call = Call.post("/api/chat", BODY).as(chats.ada()).header("Accept", "text/event-stream");
            var events = chats.api().call(call).body().split("\n\n", -1);
            var result = Json.tree(events[events.length - 2].substring("data: ".length()))
                    .path("result");
            assertEquals(text.substring(0, Message.CUT), result.path("content").asText());
            assertEquals(text.length(), result.at("/cut/characters").asInt());
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
