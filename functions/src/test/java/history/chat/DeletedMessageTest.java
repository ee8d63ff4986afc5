package history.chat;

import static history.chat.UserMessages.edit;
import static history.chat.UserMessages.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.chat.model.ScriptedModel;
import history.chat.model.ScriptedModel.Script;
import history.fixture.Answer;
import history.fixture.Call;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What was deleted does not come back by what a client still holds or a model still says; and ids that a client gives twice. */
final class DeletedMessageTest {
    private static final String CHAT = "fxdiMJBq7aYLXZRi";

    private static String list(String... idsAndTexts) {
        return listWith("", idsAndTexts);
    }

    private static String listWith(String more, String... idsAndTexts) {
        return Arrays.stream(idsAndTexts)
                .map(each -> each.split("=", 2))
                .map(each -> """
                        {"id":"%s","role":"user","parts":[{"type":"text","text":"%s"}]}""".formatted(each[0], each[1]))
                .collect(Collectors.joining(",", "{\"id\":\"" + CHAT + "\",\"messages\":[", "]" + more + "}"));
    }

    private static void delete(Chats chats, String message) {
        var deleted = chats.api()
                .call(Call.delete("/api/conversations/" + CHAT + "/messages/" + message)
                        .as(chats.ada()));
        assertEquals(204, deleted.status(), deleted.body());
    }

    @Test
    void aListThatStillHasItDoesNotStoreItAgain() {
        try (var chats = Chats.with(Script.says("One"), Script.says("Two"), Script.says("Three"))) {
            chats.send(submit(CHAT, "m1", "First"));
            chats.send(list("m1=First", "m2=Second"));
            delete(chats, "m2");
            assertEquals(
                    200, chats.send(list("m1=First", "m2=Second", "m3=Third")).status());
            assertEquals(
                    List.of("user: First", "assistant: One (completed)", "user: Third", "assistant: Three (completed)"),
                    chats.rows());
        }
    }

    @Test
    void aQuestionThatTheDataApiDeletedWithoutItsAnswerIsGoneByItsKey() {
        try (var chats = Chats.with(Script.says("One"), Script.says("Two"))) {
            var keyed = Call.post("/api/chat", "{\"message\":\"First\"}")
                    .header("Idempotency-Key", "k1")
                    .as(chats.ada());
            assertEquals(200, chats.api().call(keyed).status());
            chats.query("delete from public.messages where role = 'user' returning id");
            assertEquals(410, chats.api().call(keyed).status());
            assertEquals(List.of("assistant: One (completed)"), chats.rows());
        }
    }

    @Test
    void whatAnEditTookOutNamesTheQuestionThatStandsThere() {
        try (var chats = Chats.with(Script.says("One"), Script.says("Two"), Script.says("Three"))) {
            chats.send(submit(CHAT, "m1", "First"));
            chats.send(submit(CHAT, "m2", "Second"));
            chats.send(edit(CHAT, "m1", "Other"));
            assertEquals(List.of("First: m1", "Second: m1"), replaced(chats));
            delete(
                    chats,
                    chats.query("select id from messages where current and role = 'assistant'")
                            .getFirst());
            assertEquals(List.of("First: m1", "Second: m1"), replaced(chats));
            chats.query("delete from public.messages where current returning id");
            assertEquals(List.of("Second: "), replaced(chats), "with what it said before");
        }
    }

    private static List<String> replaced(Chats chats) {
        var all = chats.api()
                .call(Call.get("/api/conversations/" + CHAT)
                        .query("include", "replaced")
                        .query("format", "ui-messages")
                        .as(chats.ada()))
                .json()
                .path("messages");
        return StreamSupport.stream(all.spliterator(), false)
                .filter(message -> message.path("role").asText().equals("user")
                        && message.path("metadata").has("replaced_by"))
                .map(message -> message.at("/parts/0/text").asText() + ": "
                        + message.at("/metadata/replaced_by").asText(""))
                .sorted()
                .toList();
    }

    /** Somebody who knew the id has taken it. */
    @Test
    void aChatWhoseIdIsSomebodyElsesIsGone() {
        try (var chats = Chats.with(Script.says("One"), Script.says("Two"))) {
            chats.send(submit(CHAT, "m1", "First"));
            var id =
                    chats.query("delete from public.conversations returning id").getFirst();
            chats.query("insert into public.conversations (id, tenant_id, user_id) select '" + id
                    + "', tenant_id, user_id from public.tenant_users where user_id <> '"
                    + chats.ada().userId() + "' limit 1 returning id");
            Answer refused = chats.send(submit(CHAT, "m1", "First"));
            assertEquals(410, refused.status(), refused.body());
        }
    }

    @Test
    void aConversationThatIsMadeAnewHasNothingOfTheOldOne() {
        try (var chats = Chats.with(Script.says("One"), Script.says("Two"))) {
            chats.send(submit(CHAT, "m1", "First"));
            chats.query("delete from public.conversations returning id");
            String answered = ",{\"id\":\"a1\",\"role\":\"assistant\",\"parts\":[]},{\"id\":\"m2\"";
            String stale = list("m1=First", "m2=Never arrived", "m3=Third").replace(",{\"id\":\"m2\"", answered);
            assertEquals(200, chats.send(stale).status());
            assertEquals(List.of("user: Never arrived", "user: Third", "assistant: Two (completed)"), chats.rows());
        }
    }

    @Test
    void theEndOfAStoppedAnswerDoesNotBringItBack() throws Exception {
        var silence = new CountDownLatch(1);
        try (var chats = Chats.with(Script.says("Hel").thenWaitsFor(silence).thenSays("lo"))) {
            var answer = chats.sendLater(submit(CHAT, "m1", "Hi"));
            Chats.await(() -> chats.rows().contains("assistant: Hel (running)"));
            chats.api().call(Call.post("/api/chat/" + CHAT + "/stop", "").as(chats.ada()));
            delete(chats, "m1");
            silence.countDown();
            answer.get(30, TimeUnit.SECONDS);
            assertEquals(List.of(), chats.rows());
        }
    }

    @Test
    void aKeyWhoseAnswerWasDeletedMakesNoTwinOfItsQuestion() {
        try (var chats = Chats.with(Script.says("One"), Script.says("Two"))) {
            var sent = chats.send("{\"message\": \"Hi\"}", "key").json();
            var deleted = chats.api()
                    .call(Call.delete("/api/conversations/"
                                    + sent.path("conversation_id").asText() + "/messages/"
                                    + sent.path("message").path("id").asText())
                            .as(chats.ada()));
            assertEquals(204, deleted.status(), deleted.body());
            assertEquals(200, chats.send("{\"message\": \"Hi\"}", "key").status());
            assertEquals(List.of("user: Hi", "assistant: Two (completed)"), chats.rows());
        }
    }

    @Test
    void aKeyWhoseQuestionWasDeletedMakesNothingAnew() {
        try (var chats = Chats.with(Script.says("One"), Script.says("Two"))) {
            var sent = chats.send("{\"message\": \"Hi\"}", "key").json();
            var path = "/api/conversations/" + sent.path("conversation_id").asText() + "/messages/"
                    + sent.path("user_message").path("id").asText();
            assertEquals(
                    204, chats.api().call(Call.delete(path).as(chats.ada())).status());
            var again = chats.send("{\"message\": \"Hi\"}", "key");
            assertEquals(410, again.status(), again.body());
            assertEquals(List.of(), chats.rows());
        }
    }

    @Test
    void twoMessagesUnderOneIdAreBothStoredAndOneThatIsThereTwiceOnce() {
        try (var chats = Chats.with(Script.says("One"))) {
            var body = list("x=a", "x=b", "x=b", "last=hey", "last=hi", "last=hi");
            for (int i = 0; i < 2; i++) {
                var answer = chats.send(body);
                assertEquals(200, answer.status(), answer.body());
                assertEquals(
                        List.of("user: a", "user: b", "user: hey", "user: hi", "assistant: One (completed)"),
                        chats.rows());
            }
            assertEquals(
                    List.of("b", "hi"),
                    chats.query("select content from messages where client_id in ('x', 'last') order by seq"));
        }
    }

    @Test
    void aNewAnswerToAnEarlierQuestionIsNoEditOfIt() {
        try (var chats = Chats.with(Script.says("One"), Script.says("Two"), Script.says("Again"))) {
            chats.send(submit(CHAT, "m1", "First"));
            chats.send(list("m1=First", "m2=Second"));
            var answer = chats.send(
                    listWith(",\"trigger\":\"regenerate-message\",\"messageId\":\"m1\"", "m1=First", "m2=Second"));
            assertEquals(200, answer.status(), answer.body());
            assertEquals(List.of("user: First", "assistant: Again (completed)"), chats.rows());
        }
    }

    @Test
    void itIsNotSentNorRegeneratedByATabThatStillShowsIt() {
        try (var chats = Chats.with(Script.says("One"), Script.says("Two"), Script.says("Three"))) {
            chats.send(submit(CHAT, "m1", "First"));
            chats.send(list("m1=First", "m2=Second"));
            delete(chats, "m2");
            var again = ",\"trigger\":\"regenerate-message\",\"messageId\":\"m2\"";
            for (var body : List.of(
                    list("m1=First", "m2=Second"),
                    list("m2=Second"),
                    listWith(again, "m1=First", "m2=Second"),
                    listWith(",\"messageId\":\"m2\"", "m2=Changed"))) {
                assertEquals(410, chats.send(body).status(), body);
                var gone = chats.send(body, "key");
                assertEquals(410, gone.status(), body);
                assertTrue(gone.body().contains("What this id or Idempotency-Key names has been deleted"), gone.body());
            }
            assertEquals(List.of("user: First", "assistant: One (completed)"), chats.rows());
        }
    }

    @Test
    void namedByItsIdItIsGoneAndNothingElseIsMeant() {
        try (var chats = Chats.with(Script.says("One"), Script.says("Two"), Script.says("Three"))) {
            chats.send(submit(CHAT, "m1", "First"));
            var first = answer(chats);
            chats.send(list("m1=First", "m2=Second"));
            var second = answer(chats);
            delete(chats, "m2");
            for (var id : List.of("m2", second)) {
                var again = ",\"trigger\":\"regenerate-message\",\"messageId\":\"" + id + "\"";
                var known = ",{\"id\":\"" + first + "\",\"role\":\"assistant\",\"parts\":[]}]";
                for (var body : List.of(
                        "{\"id\":\"" + CHAT + "\"" + again + "}",
                        listWith(again),
                        listWith(again, "m1=First"),
                        listWith(again, "m1=First").replace("]}]", "]}" + known),
                        listWith(",\"messageId\":\"" + id + "\"", "m3=Changed"))) {
                    assertEquals(410, chats.send(body).status(), body);
                }
            }
            assertEquals(List.of("user: First", "assistant: One (completed)"), chats.rows());
        }
    }

    private static String answer(Chats chats) {
        return chats.query("select id::text from public.messages where role = 'assistant' order by seq desc")
                .getFirst();
    }

    /** Of a conversation that was made without a chat id, the UUID is what a client sends as one. */
    @Test
    void aDeletedConversationIsNotMadeAgainUnderItsUuid() {
        try (var chats = Chats.with(Script.says("One"), Script.says("Two"))) {
            var sent = chats.send("{\"message\": \"Secret\"}").json();
            var id = sent.path("conversation_id").asText();
            var list = list(sent.path("user_message").path("id").asText() + "=Secret", "m2=Next")
                    .replace(CHAT, id);
            assertEquals(
                    204,
                    chats.api()
                            .call(Call.delete("/api/conversations/" + id).as(chats.ada()))
                            .status());
            var answer = chats.send(list);
            assertEquals(410, answer.status(), answer.body());
            assertEquals(List.of(), chats.rows());
        }
    }

    /** Whatever refuses it: what was deleted, a key of another request, or a limit. */
    @Test
    void aRefusedRequestLeavesNoConversation() {
        try (var chats = Chats.with(
                Map.of("LIMIT_TURNS_PER_MINUTE", "3"),
                new ScriptedModel(Script.says("One"), Script.says("Two"), Script.says("Three")))) {
            chats.send(submit(CHAT, "m1", "First"));
            chats.send(list("m1=First", "m2=Second"), "key");
            delete(chats, "m2");
            chats.query("delete from public.conversations returning id");
            var gone = List.of(
                    list("m2=Second"),
                    list("m1=First", "m2=Second"),
                    listWith(",\"messageId\":\"m2\"", "m3=Changed"),
                    listWith(",\"trigger\":\"regenerate-message\",\"messageId\":\"m2\"", "m3=Changed"));
            for (var body : gone) {
                var answer = chats.send(body);
                assertTrue(answer.status() == 410 || answer.status() == 404, answer.toString());
                assertEquals(List.of(), chats.query("select title from public.conversations"), body);
            }
            assertEquals(200, chats.send(list("m1=First"), "other").status());
            assertEquals(422, chats.send(submit("another", "m1", "Hi"), "other").status());
            assertEquals(429, chats.send(submit("a third", "m1", "Hi")).status());
            assertEquals(List.of("First"), chats.query("select title from public.conversations"));
        }
    }

    @Test
    void aQuestionGoesWithWhatItSaidBefore() {
        try (var chats = Chats.with(Script.says("One"), Script.says("Two"))) {
            chats.send(submit(CHAT, "m1", "Secret"));
            chats.send(listWith(",\"messageId\":\"m1\"", "m1=Changed"));
            delete(chats, "m1");
            assertEquals(List.of("0"), chats.query("select count(*)::text from public.messages"));
            assertEquals(List.of("New Conversation"), chats.query("select title from public.conversations"));
        }
    }
}
