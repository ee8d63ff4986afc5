package history.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.chat.model.ChatMessage;
import history.chat.model.ModelFailure;
import history.chat.model.ScriptedModel.Script;
import history.fixture.Answer;
import history.fixture.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Where a client stands is told by the ids of its list, and never by what the list says. */
class StandingTest {
    private static final String CHAT = "fxdiMJBq7aYLXZRi";
    private static final JsonMapper JSON = new JsonMapper();

    /** A chat that says One, Two, Three …, to messages m1, m2 … */
    private static Chats talk(int turns) {
        var chats = Chats.with(
                Script.says("One"),
                Script.says("Two"),
                Script.says("Three"),
                Script.says("Four"),
                Script.says("Five"),
                Script.says("Six"));
        List<String> list = new ArrayList<>();
        for (int i = 1; i <= turns; i++) {
            list.add("m" + i);
            assertEquals(200, chats.send(list(list)).status());
            list.add(answer(chats));
        }
        return chats;
    }

    private static String answer(Chats chats) {
        return chats.query("select id from messages where current and role = 'assistant' order by seq desc limit 1")
                .getFirst();
    }

    private static String answer(Chats chats, int place) {
        return chats.query("select id from messages where current and role = 'assistant' order by seq")
                .get(place);
    }

    /** The whole list, as useChat sends it; a message of the user's says what it is called. */
    private static String list(List<String> ids) {
        return body(ids).toString();
    }

    private static ObjectNode body(List<String> ids) {
        ObjectNode body = JSON.createObjectNode().put("id", CHAT);
        var messages = body.putArray("messages");
        for (var id : ids) {
            messages.addObject()
                    .put("id", id)
                    .put("role", id.startsWith("m") ? "user" : "assistant")
                    .putArray("parts")
                    .addObject()
                    .put("type", "text")
                    .put("text", id.startsWith("m") ? "Says " + id : "Forged");
        }
        return body;
    }

    private static String with(List<String> ids, String trigger, String messageId) {
        return body(ids).put("trigger", trigger).put("messageId", messageId).toString();
    }

    /** Loaded by its UUID the list is another user's, so what an admin adds to it would be in a conversation that nobody finds by that id. */
    @Test
    void anAdminSaysNothingInAnotherUsersConversation() throws Exception {
        try (var chats = talk(1)) {
            var admin = chats.world().person(chats.ada().tenantId(), "admin");
            String id = chats.query("select id from conversations").getFirst();
            var list = body(List.of("m1", answer(chats), "m2")).put("id", id).toString();
            var refused = chats.api().call(Call.post("/api/chat", list).as(admin));
            assertEquals(404, refused.status(), refused.body());
            String anew = body(List.of())
                    .put("id", id)
                    .put("trigger", "regenerate-message")
                    .put("messageId", answer(chats))
                    .toString();
            assertEquals(
                    404,
                    chats.api().call(Call.post("/api/chat", anew).as(admin)).status());
            assertEquals(List.of("1"), chats.query("select count(*) from conversations"));
        }
    }

    @Test
    void aMessageThatNeverArrivedIsStoredBeforeTheNewOneAndOneAnswerAnswersBoth() {
        try (var chats = talk(1)) {
            String list = list(List.of("m1", answer(chats), "m2", "m3"));
            var answered = chats.send(list);
            assertEquals(200, answered.status(), answered.body());
            assertEquals(
                    List.of(
                            "user: Says m1",
                            "assistant: One (completed)",
                            "user: Says m2",
                            "user: Says m3",
                            "assistant: Two (completed)"),
                    chats.rows());
            assertEquals(
                    List.of(
                            ChatMessage.user("Says m1"),
                            new ChatMessage(ChatMessage.Role.ASSISTANT, "One"),
                            ChatMessage.user("Says m2\n\nSays m3")),
                    chats.model().prompts().getLast().messages());
            assertEquals("true", chats.send(list).header("idempotency-replayed").orElse(""));
            assertEquals(List.of("5"), chats.query("select message_count from conversations"));
        }
    }

    @Test
    void whatWasRefusedAndStaysInTheListDoesNotJamTheChat() {
        try (var chats = talk(1)) {
            var body = body(List.of("m1", answer(chats), "m2", "m3"));
            ((ObjectNode) body.at("/messages/2/parts/0")).put("text", "x".repeat(100_001));
            assertEquals(200, chats.send(body.toString()).status());
            assertEquals(
                    List.of("Says m1", "Says m3"), chats.query("select content from messages where role = 'user'"));
        }
    }

    @Test
    void aListThatIsCutWithANewMessageIsAnEditOfAllThatFollowed() {
        try (var chats = talk(3)) {
            var edited = chats.send(list(List.of("m1", answer(chats, 0), "m9")));
            assertEquals(200, edited.status(), edited.body());
            assertEquals(
                    List.of(
                            "user: Says m1",
                            "assistant: One (completed)",
                            "user: Says m9",
                            "assistant: Four (completed)"),
                    chats.rows());
            assertEquals(
                    List.of(
                            "user: Says m2 (completed)",
                            "assistant: Two (completed)",
                            "user: Says m3 (completed)",
                            "assistant: Three (completed)"),
                    chats.replaced());
            assertEquals(
                    List.of("Says m1", "One", "Says m9"),
                    chats.model().prompts().getLast().messages().stream()
                            .map(ChatMessage::content)
                            .toList());
        }
    }

    /** It may come from a client that sends nothing else: taken for an edit, each of its messages would replace the conversation. */
    @Test
    void aListThatIsTheNewMessageAloneIsAppended() {
        try (var chats = talk(2)) {
            assertEquals(200, chats.send(list(List.of("m3"))).status());
            assertEquals(6, chats.rows().size());
            assertEquals(5, chats.model().prompts().getLast().messages().size());
        }
    }

    @Test
    void anyMessageOfTheUsersIsEditedByItsId() {
        try (var chats = talk(3)) {
            var body = body(List.of("m1"));
            ((ObjectNode) body.at("/messages/0/parts/0")).put("text", "Edited at last");
            body.put("messageId", "m1");
            assertEquals(200, chats.send(body.toString()).status());
            assertEquals(List.of("user: Edited at last", "assistant: Four (completed)"), chats.rows());
            assertEquals(6, chats.replaced().size());
            assertEquals(List.of("Edited at last"), chats.query("select title from conversations"));
        }
    }

    @Test
    void anyAnswerIsMadeAnewByItsId() {
        try (var chats = talk(2)) {
            String first = answer(chats, 0);
            var anew = chats.send(with(List.of("m1"), "regenerate-message", first));
            assertTrue(anew.body().contains("Three"), anew.body());
            assertEquals(List.of("user: Says m1", "assistant: Three (completed)"), chats.rows());
            assertEquals(3, chats.replaced().size());
            String again = JSON.createObjectNode()
                    .put("id", CHAT)
                    .put("trigger", "regenerate-message")
                    .put("messageId", answer(chats))
                    .toString();
            assertTrue(chats.send(again).body().contains("Four"));
            var whole = chats.send(with(List.of("m1", answer(chats)), "regenerate-message", answer(chats)));
            assertTrue(whole.body().contains("Five"), whole.body());
            var empty = with(List.of(), "regenerate-message", answer(chats));
            assertTrue(chats.send(empty).body().contains("Six"), empty);
        }
    }

    @Test
    void anAnswerMadeAnewWithIdsThatWereNeverSeenIsThatOfTheSameTextOrLeadsToTheConversation() {
        try (var chats = talk(1)) {
            var body = body(List.of("m7"));
            ((ObjectNode) body.at("/messages/0/parts/0")).put("text", "Says m1");
            body.put("trigger", "regenerate-message");
            assertEquals(200, chats.send(body.toString()).status());
            assertEquals(List.of("user: Says m1", "assistant: Two (completed)"), chats.rows());
            var other = chats.send(with(List.of("m8"), "regenerate-message", "a8"));
            assertLeadsToTheConversation(chats, other);
            assertEquals(List.of("user: Says m1", "assistant: Two (completed)"), chats.rows());
        }
    }

    @Test
    void aListOfWhichNothingIsKnownLeadsToTheConversation() {
        try (var chats = talk(1)) {
            assertLeadsToTheConversation(chats, chats.send(list(List.of("m7", "a7", "m8"))));
        }
    }

    private static void assertLeadsToTheConversation(Chats chats, Answer answer) {
        assertEquals(409, answer.status(), answer.body());
        String[] url = answer.json().path("load").asText().split("\\?", 2);
        var loaded =
                chats.api().call(Call.get(url[0]).query("format", "ui-messages").as(chats.ada()));
        assertEquals("m1", loaded.json().at("/messages/0/id").asText(), loaded.body());
    }

    @Test
    void saysWhyThereIsNothingToEdit() throws Exception {
        var go = new CountDownLatch(1);
        try (var chats = Chats.with(Script.says("One"), Script.says("Two").onlyAfter(go))) {
            chats.send(list(List.of("m1")));
            assertEquals(
                    422,
                    chats.send(with(List.of("m5"), "submit-message", answer(chats)))
                            .status());
            assertEquals(
                    404, chats.send(with(List.of("m5"), "submit-message", "m6")).status());
            assertEquals(
                    404,
                    chats.send(with(List.of("m5"), "submit-message", "00000000-0000-4000-8000-000000000001"))
                            .status());
            var sent = chats.sendLater(list(List.of("m1", answer(chats), "m2")));
            Chats.await(() -> chats.model().calls() == 2);
            var busy = body(List.of("m1", "m2")).put("messageId", "m2");
            ((ObjectNode) busy.at("/messages/1/parts/0")).put("text", "Other");
            assertEquals(409, chats.send(busy.toString()).status());
            var earlier = body(List.of("m1"));
            ((ObjectNode) earlier.at("/messages/0/parts/0")).put("text", "Other");
            assertEquals(409, chats.send(earlier.toString()).status());
            assertEquals(
                    409, chats.send(earlier.put("messageId", "m1").toString()).status());
            var anew = with(List.of("m1"), "regenerate-message", answer(chats, 0));
            assertEquals(409, chats.send(anew).status());
            go.countDown();
            assertTrue(sent.get().body().contains("[DONE]"), sent.get().body());
            assertEquals(4, chats.rows().size());
            String conversation = chats.query("select id from conversations").getFirst();
            chats.api().call(Call.delete("/api/conversations/" + conversation).as(chats.ada()));
            assertEquals(410, chats.send(busy.toString()).status());
            assertEquals(List.of("0"), chats.query("select count(*) from conversations"));
        }
    }

    @Test
    void ofTwentyEqualEditsOneMakesAVersion() throws Exception {
        try (var chats = talk(2);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String cut = list(List.of("m1", answer(chats, 0), "m9"));
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(threads.submit(() -> chats.send(cut)));
            }
            for (var answer : answers) {
                assertTrue(List.of(200, 409).contains(answer.get().status()));
            }
            assertEquals(
                    List.of(
                            "user: Says m1",
                            "assistant: One (completed)",
                            "user: Says m9",
                            "assistant: Three (completed)"),
                    chats.rows());
            assertEquals(2, chats.replaced().size());
        }
    }

    @Test
    void aMessageWithoutAnIdIsTheRetryOfAFailedOneThatSaysTheSame() {
        var broken = Script.says().thenFails(new ModelFailure.Failed("It broke"));
        try (var chats = Chats.with(broken, Script.says("Hello"), Script.says("Again"))) {
            String conversation = chats.send("{\"message\": \"Hi\"}")
                    .json()
                    .path("conversation_id")
                    .asText();
            String again = "{\"message\": \"Hi\", \"conversation_id\": \"%s\"}".formatted(conversation);
            assertEquals(200, chats.send(again).status());
            assertEquals(List.of("user: Hi", "assistant: Hello (completed)"), chats.rows());
            assertEquals(200, chats.send(again).status());
            assertEquals(4, chats.rows().size(), "said twice on purpose");
        }
        try (var chats = Chats.with(broken, Script.says("Hello"))) {
            String conversation = chats.send("{\"message\": \"Hi\"}")
                    .json()
                    .path("conversation_id")
                    .asText();
            chats.query("with old as (update messages set created_at = created_at - interval '11 minutes' returning 1)"
                    + " select count(*) from old");
            chats.send("{\"message\": \"Hi\", \"conversation_id\": \"%s\"}".formatted(conversation));
            assertEquals(4, chats.rows().size());
        }
    }
}
