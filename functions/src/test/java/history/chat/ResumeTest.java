package history.chat;

import static history.chat.UserMessages.regenerate;
import static history.chat.UserMessages.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import history.chat.model.ModelFailure;
import history.chat.model.ScriptedModel.Script;
import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.Person;
import history.text.Json;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ResumeTest {
    private static final String CHAT = "fxdiMJBq7aYLXZRi";

    private static Answer resume(Chats chats, Person person) {
        return chats.api().call(Call.get("/api/chat/" + CHAT + "/stream").as(person));
    }

    /** Somebody who has been told the beginning when this returns. */
    private static CompletableFuture<Answer> begun(Chats chats) throws InterruptedException {
        var begun = new CountDownLatch(1);
        RequestStreamHandler handler = chats.handler(ResumeChatHandler.class.getName());
        chats.api().with("GET /api/chat/{id}/stream", (input, output, context) -> {
            var watched = new FilterOutputStream(output) {
                @Override
                public void flush() throws IOException {
                    super.flush();
                    begun.countDown();
                }
            };
            handler.handleRequest(input, watched, context);
        });
        var answer = CompletableFuture.supplyAsync(() -> resume(chats, chats.ada()));
        assertTrue(begun.await(30, TimeUnit.SECONDS));
        return answer;
    }

    private static String deltas(Answer answer) {
        var deltas = new StringBuilder();
        answer.body()
                .lines()
                .filter(line -> line.contains("text-delta"))
                .forEach(line -> deltas.append(line.replaceAll(".*\"delta\":\"([^\"]*)\".*", "$1")));
        return deltas.toString();
    }

    @Test
    void thereIsNothingWhenNothingRuns() {
        try (var chats = Chats.with(Script.says("Hello"))) {
            assertEquals(204, resume(chats, chats.ada()).status());
            chats.send(submit(CHAT, "m1", "Hi"));
            assertEquals(204, resume(chats, chats.ada()).status());
        }
    }

    @Test
    void replaysFromTheStartAndFollowsToTheEnd() throws Exception {
        var more = new CountDownLatch(1);
        try (var chats = Chats.with(Script.says("Hel").thenWaitsFor(more).thenSays("lo"))) {
            var sent = chats.sendLater(submit(CHAT, "m1", "Hi"));
            Chats.await(() -> chats.rows().contains("assistant: Hel (running)"));
            var resumed = begun(chats);
            assertEquals(204, resume(chats, chats.world().bob()).status());
            more.countDown();
            assertEquals(200, resumed.get().status());
            assertEquals(
                    "v1", resumed.get().header("x-vercel-ai-ui-message-stream").orElse(""));
            assertEquals("Hello", deltas(resumed.get()), resumed.get().body());
            assertEquals(
                    sent.get().body().lines().findFirst(),
                    resumed.get().body().lines().findFirst());
            assertTrue(resumed.get().body().endsWith("data: [DONE]\n\n"));
            assertEquals(1, chats.model().calls());
        }
    }

    @Test
    void aNewAnswerIsResumedWhileTheOldOneIsStillShown() throws Exception {
        var more = new CountDownLatch(1);
        try (var chats = Chats.with(
                Script.says("Old"), Script.says("Ne").thenWaitsFor(more).thenSays("w"))) {
            chats.send(submit(CHAT, "m1", "Hi"));
            var sent = chats.sendLater(regenerate(CHAT, "m1", "Hi"));
            Chats.await(() -> chats.query("select content from messages where not current")
                    .contains("Ne"));
            assertTrue(chats.rows().contains("assistant: Old (completed)"));
            var resumed = begun(chats);
            more.countDown();
            assertEquals("New", deltas(resumed.get()), resumed.get().body());
            assertEquals("New", deltas(sent.get()), sent.get().body());
        }
    }

    /** A client of today begins anew when it resumes, and one of before adds to what it has loaded: nothing. */
    @Test
    void aContinuedAnswerIsLoadedEmptyAndResumedWhole() throws Exception {
        var more = new CountDownLatch(1);
        try (var chats = Chats.with(
                Script.says("Let me see"), Script.says(": n").thenWaitsFor(more).thenSays("oon"))) {
            chats.send(submit(CHAT, "m1", "When?"));
            String parts = """
                    [{"type": "text", "text": "Let me see"}, {"type": "step-start"},
                     {"type": "reasoning", "text": "Hm", "state": "done"},
                     {"type": "file", "url": "https://example.com/a.png", "mediaType": "image/png", "filename": "a"},
                     {"type": "file", "url": 7, "mediaType": "image/png"},
                     {"type": "source-url", "sourceId": "s", "url": "https://example.com", "title": 1},
                     {"type": "data-x", "data": {"a": [1.50]}}, {"type": "data-x", "id": "d"},
                     {"type": "dynamic-tool", "toolName": "find", "toolCallId": "c0", "state": "output-error",
                      "input": {"q": 1}, "errorText": "no"},
                     {"type": "of-tomorrow"}, {"type": "tool-none", "state": "output-available", "output": 1},
                     {"type": "tool-time", "toolCallId": "c1", "state": "input-available", "input": {}}]""";
            String answer = chats.query(
                            "update messages set parts = '" + parts + "' where role = 'assistant' returning id")
                    .getFirst();
            String done =
                    "[{\"type\": \"tool-time\", \"toolCallId\": \"c1\", \"state\": \"output-available\", \"output\": 12}]";
            var sent = chats.sendLater("""
                    {"id": "%s", "trigger": "submit-message", "messageId": "%s",
                     "messages": [{"id": "%s", "role": "assistant", "parts": %s}]}""".formatted(CHAT, answer, answer, done));
            Chats.await(() -> chats.rows().contains("assistant: Let me see: n (running)"));
            var loaded = chats.api()
                    .call(Call.get("/api/conversations/" + CHAT)
                            .query("format", "ui-messages")
                            .as(chats.ada()));
            assertEquals(Json.MAPPER.createArrayNode(), loaded.json().at("/messages/1/parts"));
            var resumed = begun(chats);
            more.countDown();
            assertEquals(": noon", deltas(sent.get()), sent.get().body());
            assertEquals(
                    "Let me see: noon", deltas(resumed.get()), resumed.get().body());
            assertEquals(
                    """
                    {"type":"start-step"}
                    {"type":"reasoning-start","id":"reasoning"}
                    {"type":"reasoning-delta","id":"reasoning","delta":"Hm"}
                    {"type":"reasoning-end","id":"reasoning"}
                    {"type":"file","url":"https://example.com/a.png","mediaType":"image/png"}
                    {"type":"source-url","sourceId":"s","url":"https://example.com"}
                    {"type":"data-x","data":{"a":[1.50]}}
                    {"type":"tool-input-start","toolCallId":"c0","toolName":"find","dynamic":true}
                    {"type":"tool-input-delta","toolCallId":"c0","inputTextDelta":"{\\"q\\":1}"}
                    {"type":"tool-output-error","toolCallId":"c0","errorText":"no","dynamic":true}
                    {"type":"tool-input-start","toolCallId":"c1","toolName":"time","dynamic":false}
                    {"type":"tool-input-delta","toolCallId":"c1","inputTextDelta":"{}"}
                    {"type":"tool-output-available","toolCallId":"c1","output":12,"dynamic":false}
                    {"type":"start-step"}
                    """,
                    resumed.get()
                            .body()
                            .lines()
                            .filter(line -> line.startsWith("data: {"))
                            .map(line -> line.substring("data: ".length()) + "\n")
                            .skip(4) // start and the first text
                            .takeWhile(line -> !line.contains("\"text-start\""))
                            .collect(Collectors.joining()));
        }
    }

    @Test
    void aFailureIsNotTakenForAnEnd() throws Exception {
        var more = new CountDownLatch(1);
        var broken = Script.says("Hel").thenWaitsFor(more).thenFails(new ModelFailure.Failed("It broke"));
        try (var chats = Chats.with(broken)) {
            var sent = chats.sendLater(submit(CHAT, "m1", "Hi"));
            Chats.await(() -> chats.rows().contains("assistant: Hel (running)"));
            var resumed = begun(chats);
            more.countDown();
            assertTrue(
                    sent.get().body().contains("\"errorText\":\"It broke"),
                    sent.get().body());
            assertTrue(
                    resumed.get().body().contains("\"errorText\":\"It broke"),
                    resumed.get().body());
            assertFalse(resumed.get().body().contains("\"finish\""));
        }
    }

    @Test
    void whoIsNoMemberAnyMoreHearsSo() throws Exception {
        var more = new CountDownLatch(1);
        try (var chats = Chats.with(Script.says("Hel").thenWaitsFor(more).thenSays("lo"))) {
            var sent = chats.sendLater(submit(CHAT, "m1", "Hi"));
            Chats.await(() -> chats.rows().contains("assistant: Hel (running)"));
            var resumed = begun(chats);
            chats.world().execute("delete from public.tenant_users");
            assertTrue(
                    resumed.get().body().contains("\"errorText\":\"You are not a member"),
                    resumed.get().body());
            more.countDown();
            sent.get();
        }
    }
}
