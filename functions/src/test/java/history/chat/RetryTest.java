package history.chat;

import static history.chat.UserMessages.edit;
import static history.chat.UserMessages.regenerate;
import static history.chat.UserMessages.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.chat.model.ChatMessage;
import history.chat.model.ModelFailure;
import history.chat.model.ScriptedModel.Script;
import history.fixture.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final String CHAT = "fxdiMJBq7aYLXZRi";

    @Test
    void replaysTheAnswerToTheSameMessageWithoutAskingTheModelAgain() {
        try (var chats = Chats.with(Script.says("Hel", "lo"))) {
            Answer first = chats.send(submit(CHAT, "m1", "Hi"));
            Answer again = chats.send(submit(CHAT, "m1", "Hi"));
            assertEquals(200, again.status(), again.body());
            assertEquals("true", again.header("idempotency-replayed").orElse(""));
            assertEquals(
                    first.body().replaceAll("\"delta\":\"Hel\"}[^{]*\\{[^{]*\"delta\":\"lo\"", "\"delta\":\"Hello\""),
                    again.body());
            assertEquals(1, chats.model().calls());
            assertEquals(List.of("user: Hi", "assistant: Hello (completed)"), chats.rows());
        }
    }

    @Test
    void aSecondMessageSeesTheFirst() {
        try (var chats = Chats.with(Script.says("One"), Script.says("Two"))) {
            chats.send(submit(CHAT, "m1", "First"));
            chats.send(submit(CHAT, "m2", "Second"));
            assertEquals(
                    List.of("user: First", "assistant: One (completed)", "user: Second", "assistant: Two (completed)"),
                    chats.rows());
            assertEquals(
                    List.of(
                            ChatMessage.user("First"),
                            new ChatMessage(ChatMessage.Role.ASSISTANT, "One"),
                            ChatMessage.user("Second")),
                    chats.model().prompts().getLast().messages());
        }
    }

    @Test
    void answersAnewAndKeepsTheEarlierAnswer() {
        try (var chats = Chats.with(Script.says("One"), Script.says("Two"))) {
            chats.send(submit(CHAT, "m1", "Hi"));
            Answer anew = chats.send(regenerate(CHAT, "m1", "Hi"));
            assertTrue(anew.body().contains("\"delta\":\"Two\""), anew.body());
            assertEquals(List.of("user: Hi", "assistant: Two (completed)"), chats.rows());
            assertEquals(List.of("assistant: One (completed)"), chats.replaced());
        }
    }

    @Test
    void aFailedNewAnswerLeavesTheOldOne() {
        var failure = new ModelFailure.Failed("The model broke");
        try (var chats = Chats.with(Script.says("One"), Script.says("Tw").thenFails(failure), Script.says("Three"))) {
            chats.send(submit(CHAT, "m1", "Hi"));
            Answer failed = chats.send(regenerate(CHAT, "m1", "Hi"));
            assertTrue(failed.body().contains("\"type\":\"error\""), failed.body());
            assertEquals(List.of("user: Hi", "assistant: One (completed)"), chats.rows());
            chats.send(regenerate(CHAT, "m1", "Hi"));
            assertEquals(List.of("user: Hi", "assistant: Three (completed)"), chats.rows());
            assertEquals(List.of("assistant: One (completed)", "assistant: Tw (incomplete)"), chats.replaced());
        }
    }

    @Test
    void anEditReplacesTheQuestionAndKeepsTheOldOne() {
        try (var chats = Chats.with(Script.says("One"), Script.says("Two"))) {
            chats.send(submit(CHAT, "m1", "Hi"));
            Answer edited = chats.send(edit(CHAT, "m1", "Ho"));
            assertEquals(200, edited.status(), edited.body());
            assertEquals(List.of("user: Ho", "assistant: Two (completed)"), chats.rows());
            assertEquals(List.of("user: Hi (completed)", "assistant: One (completed)"), chats.replaced());
            assertEquals(
                    List.of(ChatMessage.user("Ho")),
                    chats.model().prompts().getLast().messages());
        }
    }

    @Test
    void aChangeOfAnOlderMessageTakesOutWhatFollowed() {
        try (var chats =
                Chats.with(Script.says("One"), Script.says("Two"), Script.says("Three"), Script.says("Four"))) {
            chats.send(submit(CHAT, "m1", "Hi"));
            chats.send(submit(CHAT, "m2", "Ho"));
            assertEquals(200, chats.send(submit(CHAT, "m1", "Hi")).status());
            assertEquals(2, chats.model().calls());
            assertEquals(200, chats.send(regenerate(CHAT, "m1", "Hi")).status());
            assertEquals(List.of("user: Hi", "assistant: Three (completed)"), chats.rows());
            assertEquals(422, chats.send(submit(CHAT, "m2", "Ho")).status());
            assertEquals(200, chats.send(edit(CHAT, "m1", "Other")).status());
            assertEquals(List.of("user: Other", "assistant: Four (completed)"), chats.rows());
            assertEquals(List.of("2"), chats.query("select message_count from conversations"));
            assertEquals(List.of("7"), chats.query("select count(*) from messages"));
        }
    }

    @Test
    void takesUpAFailedTurnInItsPlace() {
        var busy = new ModelFailure.RateLimited(Duration.ofSeconds(7));
        try (var chats = Chats.with(Script.says().thenFails(busy), Script.says("Hello"))) {
            String body = "{\"message\": \"Hi\"}";
            Answer failed = chats.send(body, "key-1");
            assertEquals(429, failed.status(), failed.body());
            assertEquals("7", failed.header("retry-after").orElse(""));
            assertEquals(
                    "The model is busy. Your message is stored; send it again in 7 s to get an answer.",
                    failed.json().path("detail").asText());
            assertEquals(List.of("user: Hi", "assistant:  (failed)"), chats.rows());
            Answer second = chats.send(body, "key-1");
            assertEquals(200, second.status(), second.body());
            Answer third = chats.send(body, "key-1");
            assertEquals("true", third.header("idempotency-replayed").orElse(""));
            assertEquals(second.body(), third.body());
            assertEquals(List.of("user: Hi", "assistant: Hello (completed)"), chats.rows());
            assertEquals(422, chats.send("{\"message\": \"Ho\"}", "key-1").status());
        }
    }

    @Test
    void twentyEqualRequestsAskTheModelOnce() throws Exception {
        var go = new CountDownLatch(1);
        try (var chats = Chats.with(Script.says("Hello").onlyAfter(go));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(threads.submit(() -> chats.send(submit(CHAT, "m1", "Hi"))));
            }
            for (int done = 0;
                    done < 19;
                    done = (int) answers.stream().filter(Future::isDone).count()) {
                LockSupport.parkNanos(2_000_000);
            }
            go.countDown();
            List<Integer> statuses = new ArrayList<>();
            for (var answer : answers) {
                statuses.add(answer.get().status());
            }
            assertEquals(19, statuses.stream().filter(status -> status == 409).count(), statuses.toString());
            assertEquals(1, chats.model().calls());
            assertEquals(List.of("user: Hi", "assistant: Hello (completed)"), chats.rows());
        }
    }

    @Test
    void concurrentMessagesStandEachBeforeItsAnswer() throws Exception {
        try (var chats = Chats.with(Script.says("Answer"))) {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                answers.add(chats.sendLater(submit(CHAT, "m" + i, "Question " + i)));
            }
            for (var answer : answers) {
                assertEquals(200, answer.get().status());
            }
            assertEquals(
                    "user,assistant,".repeat(10),
                    String.join(",", chats.query("select role from messages order by seq")) + ",");
            assertEquals(List.of("20"), chats.query("select count(*) from messages m where m.seq between 1 and 20"));
            assertEquals(
                    List.of(),
                    chats.query("select a.id from messages a join messages q on q.seq = a.seq - 1"
                            + " where a.role = 'assistant' and a.metadata ->> 'reply_to' <> q.id::text"));
            assertEquals(List.of("20"), chats.query("select message_count from conversations"));
        }
    }

    @Test
    void anIdempotencyKeyHoldsInEveryDialect() {
        List<String> bodies = List.of(
                "{\"message\": \"Hi\"}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}",
                submit(CHAT, "m1", "Hi"),
                regenerate(CHAT, "m1", "Hi"));
        try (var chats = Chats.with(Script.says("Hello"))) {
            for (int i = 0; i < bodies.size(); i++) {
                String key = "key-" + i;
                assertEquals(200, chats.send(bodies.get(i), key).status());
                Answer again = chats.send(bodies.get(i), key);
                assertEquals("true", again.header("idempotency-replayed").orElse(""), again.body());
                Answer other = chats.send(bodies.get(i).replace("Hi", "Ho"), key);
                assertEquals(422, other.status(), other.body());
                assertEquals(i + 1, chats.model().calls());
            }
            assertEquals(400, chats.send(bodies.getFirst(), "not a key").status());
        }
    }

    @Test
    void aKeyNamesTheTurnThatItMadeAsThatStandsNow() {
        var busy = new ModelFailure.Failed("The model broke");
        try (var chats = Chats.with(
                Script.says().thenFails(busy), Script.says("Two"), Script.says("Three"), Script.says("Four"))) {
            String body = "{\"message\": \"Hi\"}";
            assertEquals(502, chats.send(body, "key").status());
            String conversation = chats.query("select id from conversations").getFirst();
            String question =
                    chats.query("select id from messages where role = 'user'").getFirst();
            assertEquals(200, chats.send(edit(conversation, question, "Ho")).status());
            Answer again = chats.send(body, "key");
            assertEquals("true", again.header("idempotency-replayed").orElse(""), again.body());
            assertEquals("Two", again.json().at("/message/content").asText());
            assertEquals("Ho", again.json().at("/user_message/content").asText());
            assertEquals(422, chats.send(body.replace("Hi", "Ho"), "key").status());
            assertEquals(200, chats.send(edit(conversation, question, "Hu")).status());
            assertEquals(
                    "Three",
                    chats.send(body, "key").json().at("/message/content").asText());
            assertEquals(List.of("user: Hu", "assistant: Three (completed)"), chats.rows());
            String later = "{\"message\": \"And?\", \"conversation_id\": \"" + conversation + "\"}";
            assertEquals(200, chats.send(later, "later").status());
            assertEquals(200, chats.send(edit(conversation, question, "Hey")).status());
            Answer gone = chats.send(later, "later");
            assertEquals(410, gone.status(), gone.body());
            for (var other : List.of(later.replace("And?", "Or?"), "{\"message\": \"And?\"}")) {
                gone = chats.send(other, "later");
                assertEquals(410, gone.status(), gone.body());
            }
            assertEquals(1, chats.query("select id from conversations").size());
            assertEquals(5, chats.model().calls());
        }
    }

    @Test
    void aKeyThatMadeAConversationDoesNotStandForAnother() {
        try (var chats = Chats.with(Script.says("Hello"))) {
            assertEquals(200, chats.send("{\"message\": \"Hi\"}", "key").status());
            String elsewhere = "{\"message\": \"Hi\", \"conversation_id\": \"" + UUID.randomUUID() + "\"}";
            Answer answer = chats.send(elsewhere, "key");
            assertEquals(404, answer.status(), answer.body());
        }
    }

    @Test
    void whatAKeyHasMadeIsNotMadeAgainWhenItWasDeleted() {
        try (var chats = Chats.with(Script.says("Hello"))) {
            assertEquals(200, chats.send("{\"message\": \"Hi\"}", "key").status());
            chats.query("delete from public.conversations returning id");
            Answer again = chats.send("{\"message\": \"Hi\"}", "key");
            assertEquals(410, again.status(), again.body());
            assertEquals(List.of(), chats.query("select id from public.conversations"));
            assertEquals(1, chats.model().calls());
        }
    }
}
