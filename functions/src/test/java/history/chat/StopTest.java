package history.chat;

import static history.chat.UserMessages.edit;
import static history.chat.UserMessages.regenerate;
import static history.chat.UserMessages.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.chat.model.ScriptedModel;
import history.chat.model.ScriptedModel.Script;
import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.Person;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A test that ends is one whose model was stopped: the latch is never opened. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class StopTest {
    private static final String CHAT = "fxdiMJBq7aYLXZRi";
    private static final CountDownLatch NEVER = new CountDownLatch(1);
    private static final Script HALF = Script.says("Hel").thenWaitsFor(NEVER);

    private static Answer stop(Chats chats, Person person, String chat) {
        return chats.api().call(Call.post("/api/chat/" + chat + "/stop", "").as(person));
    }

    private static String conversation(Chats chats) {
        return chats.query("select id from conversations").getFirst();
    }

    private static void awaitHalf(Chats chats) {
        Chats.await(() -> chats.rows().contains("assistant: Hel (running)"));
    }

    @Test
    void endsTheCallOfTheModelAndKeepsWhatHasArrived() throws Exception {
        try (var chats = Chats.with(HALF, Script.says("Yes"))) {
            var sent = chats.sendLater(submit(CHAT, "m1", "Hi"));
            awaitHalf(chats);
            var begin = System.nanoTime();
            var stopped = stop(chats, chats.ada(), CHAT);
            assertEquals(200, stopped.status(), stopped.body());
            assertEquals("Hel", stopped.json().path("content").asText());
            var next = chats.send(submit(CHAT, "m2", "And?"));
            assertTrue(next.body().contains("\"delta\":\"Yes\""), next.body());
            var events = sent.get().body();
            assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) < 3_000, "it took too long");
            assertTrue(events.endsWith("data: {\"type\":\"abort\"}\n\ndata: [DONE]\n\n"), events);
            assertFalse(events.contains("\"error\""), events);
            assertEquals(204, stop(chats, chats.ada(), CHAT).status());
            assertEquals(
                    List.of("user: Hi", "assistant: Hel (stopped)", "user: And?", "assistant: Yes (completed)"),
                    chats.rows());
        }
    }

    /** Before its writer has heard of the stop. */
    @Test
    void endsWithAbortAlsoIfAnotherAnswerIsAskedForAtOnce() throws Exception {
        for (var next : List.of(edit(CHAT, "m1", "Ho"), regenerate(CHAT, "m1", "Hi"), submit(CHAT, "m1", "Hi"))) {
            try (var chats = Chats.with(HALF, Script.says("Yes"))) {
                var sent = chats.sendLater(submit(CHAT, "m1", "Hi"));
                awaitHalf(chats);
                assertEquals(200, stop(chats, chats.ada(), CHAT).status());
                assertTrue(chats.send(next).body().contains("\"delta\":\"Yes\""), next);
                var events = sent.get().body();
                assertTrue(events.endsWith("data: {\"type\":\"abort\"}\n\ndata: [DONE]\n\n"), events);
                assertFalse(events.contains("\"error\""), events);
                assertEquals("assistant: Yes (completed)", chats.rows().getLast());
                assertTrue(
                        chats.replaced().contains("assistant: Hel (stopped)"),
                        () -> chats.replaced().toString());
            }
        }
    }

    @Test
    void saysThatItsMessageHasBeenDeleted() throws Exception {
        try (var chats = Chats.with(HALF)) {
            var sent = chats.sendLater(submit(CHAT, "m1", "Hi"));
            awaitHalf(chats);
            assertEquals(200, stop(chats, chats.ada(), CHAT).status());
            var path = "/api/conversations/" + CHAT + "/messages/m1";
            assertEquals(
                    204, chats.api().call(Call.delete(path).as(chats.ada())).status());
            assertTrue(
                    sent.get().body().contains("this message is not there any more"),
                    sent.get().body());
        }
    }

    @Test
    void endsTheOtherDialectsAsAnAnswerThatIsShorter() throws Exception {
        try (var chats = Chats.with(HALF)) {
            var events = chats.sendLater("{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}");
            awaitHalf(chats);
            assertEquals(200, stop(chats, chats.ada(), conversation(chats)).status());
            assertTrue(
                    events.get().body().contains("\"status\":\"completed\""),
                    events.get().body());
        }
        try (var chats = Chats.with(HALF)) {
            var json = chats.sendLater("{\"message\": \"Hi\"}");
            awaitHalf(chats);
            assertEquals(200, stop(chats, chats.ada(), conversation(chats)).status());
            assertEquals(200, json.get().status(), json.get().body());
            assertEquals(
                    "Hel", json.get().json().path("message").path("content").asText());
        }
    }

    @Test
    void endsACallThatHasSaidNothingYet() throws Exception {
        try (var chats = Chats.with(Script.says("Hello").onlyAfter(NEVER), Script.says("Good day"))) {
            var sent = chats.sendLater(submit(CHAT, "m1", "Hi"));
            Chats.await(() -> chats.model().calls() == 1);
            assertEquals(
                    "", stop(chats, chats.ada(), CHAT).json().path("content").asText("?"));
            assertTrue(sent.get().body().contains("\"abort\""), sent.get().body());
            assertEquals(List.of("user: Hi", "assistant:  (stopped)"), chats.rows());
            assertTrue(chats.send(submit(CHAT, "m1", "Hi")).body().contains("Good day"), "asked for once more");
            assertEquals(List.of("user: Hi", "assistant: Good day (completed)"), chats.rows());
        }
    }

    @Test
    void tellsWhoFollowsTheAnswer() throws Exception {
        try (var chats = Chats.with(HALF)) {
            var sent = chats.sendLater(submit(CHAT, "m1", "Hi"));
            awaitHalf(chats);
            var follower = new java.util.concurrent.CompletableFuture<Answer>();
            Thread.ofVirtual()
                    .start(() -> follower.complete(chats.api()
                            .call(Call.get("/api/chat/" + CHAT + "/stream").as(chats.ada()))));
            Thread.sleep(500);
            assertEquals(200, stop(chats, chats.ada(), CHAT).status());
            assertTrue(
                    follower.get().body().contains("\"abort\""), follower.get().body());
            assertTrue(sent.get().body().contains("\"abort\""), sent.get().body());
        }
    }

    @Test
    void aDeletedConversationEndsTheCallAsWell() throws Exception {
        try (var chats = Chats.with(HALF)) {
            var sent = chats.sendLater(submit(CHAT, "m1", "Hi"));
            awaitHalf(chats);
            chats.query("with gone as (delete from conversations returning 1) select count(*) from gone");
            assertTrue(sent.get().body().contains("\"error\""), sent.get().body());
        }
    }

    @Test
    void bobStopsNothingOfAdas() throws Exception {
        var more = new CountDownLatch(1);
        try (var chats =
                Chats.with(Map.of(), new ScriptedModel(HALF.thenWaitsFor(more).thenSays("lo")))) {
            var sent = chats.sendLater(submit(CHAT, "m1", "Hi"));
            awaitHalf(chats);
            var bob = chats.world().bob();
            assertEquals(204, stop(chats, bob, CHAT).status());
            assertEquals(204, stop(chats, bob, conversation(chats)).status());
            assertEquals(204, stop(chats, chats.ada(), "another").status());
            more.countDown();
            assertTrue(sent.get().body().contains("\"finish\""), sent.get().body());
            assertEquals(List.of("user: Hi", "assistant: Hello (completed)"), chats.rows());
        }
    }
}
