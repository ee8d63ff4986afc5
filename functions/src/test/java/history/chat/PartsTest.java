package history.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.chat.model.ChatMessage;
import history.chat.model.ModelFailure;
import history.chat.model.ScriptedModel.Script;
import history.fixture.Answer;
import history.fixture.Call;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever a UI message holds is stored and given back, and the model gets of it what it can take. */
class PartsTest {
    private static final String CHAT = "fxdiMJBq7aYLXZRi";
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PIXEL =
            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private static final String PARTS = """
            [{"type": "text", "text": "Look:", "state": "done"},
             {"type": "file", "mediaType": "image/png", "filename": "dot.png", "url": "%s"},
             {"type": "file", "mediaType": "application/pdf", "filename": "report.pdf", "url": "https://example.com/report.pdf"},
             {"type": "data-weather", "id": "w", "data": {"t": 21.50}},
             {"type": "step-start"},
             {"type": "tool-time", "toolCallId": "c1", "state": "output-available", "input": {"zone": "UTC"}, "output": "12:00"},
             {"type": "tool-time", "toolCallId": "c2", "state": "approval-requested", "input": {}, "approval": {"id": "a1"}},
             {"type": "dynamic-tool", "toolName": "find", "toolCallId": "c3", "state": "output-error", "input": {}, "errorText": "no"},
             {"type": "reasoning", "text": "Hm", "providerMetadata": {"x": {"y": 1}}},
             {"type": "source-url", "sourceId": "s", "url": "https://example.com"},
             {"type": "of-tomorrow", "deep": [null, {"ü": "\\ud83d\\ude00"}]}]
            """.formatted(PIXEL);

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private static String submit(String id, String parts) {
        ObjectNode body = JSON.createObjectNode().put("id", CHAT);
        body.putArray("messages").addObject().put("id", id).put("role", "user").set("parts", tree(parts));
        return body.toString();
    }

    private static JsonNode loaded(Chats chats) {
        return chats.api()
                .call(Call.get("/api/conversations/" + CHAT)
                        .query("format", "ui-messages")
                        .as(chats.ada()))
                .json()
                .path("messages");
    }

    @Test
    void everyPartComesBackAsItWasSent() {
        try (var chats = Chats.with(Script.says("Nice"))) {
            assertEquals(200, chats.send(submit("m1", PARTS)).status());
            assertEquals(tree(PARTS), loaded(chats).at("/0/parts"));
            assertEquals(
                    "Look:",
                    chats.query("select content from messages where role = 'user'")
                            .getFirst());
            Answer again = chats.send(submit("m1", PARTS));
            assertEquals("true", again.header("idempotency-replayed").orElse(""), again.body());
        }
    }

    @Test
    void theModelGetsTheTextTheImageTheResultsAndALineForTheRest() {
        try (var chats = Chats.with(Script.says("Nice"), Script.says("Yes"))) {
            chats.send(submit("m1", PARTS));
            ChatMessage shown = chats.model().prompts().getLast().messages().getLast();
            assertEquals(List.of(new ChatMessage.Image("image/png", PIXEL)), shown.images());
            assertEquals(
                    List.of(
                            "Look:",
                            "[A file, report.pdf (application/pdf), that cannot be shown here]",
                            "[A part of type data-weather that cannot be shown here]",
                            "[Tool time was called with {\"zone\":\"UTC\"} and gave \"12:00\"]",
                            "[Tool time was called with {} and has no result yet]",
                            "[Tool find was called with {} and failed: no]",
                            "[A part of type reasoning that cannot be shown here]",
                            "[Source: https://example.com]",
                            "[A part of type of-tomorrow that cannot be shown here]"),
                    shown.content().lines().toList());
            chats.send(submit("m2", "[{\"type\": \"text\", \"text\": \"And?\"}]"));
            assertEquals(shown, chats.model().prompts().getLast().messages().getFirst(), "in the history as well");
        }
    }

    @Test
    void anImageIsOneHoweverItsTypeIsSpelled() {
        try (var chats = Chats.with(Script.says("Nice"))) {
            chats.send(submit("m1", """
                    [{"type": "file", "mediaType": "image/PNG", "url": "https://example.com/a"},
                     {"type": "file", "mediaType": "image/jpg", "url": "data:image/jpg;base64,AAAA"},
                     {"type": "file", "mediaType": "Image/GIF; q=1", "url": "https://example.com/c"},
                     {"type": "file", "mediaType": "image/svg+xml", "filename": "d", "url": "https://example.com/d"}]"""));
            ChatMessage shown = chats.model().prompts().getLast().messages().getLast();
            assertEquals(
                    List.of(
                            new ChatMessage.Image("image/png", "https://example.com/a"),
                            new ChatMessage.Image("image/jpeg", "data:image/jpeg;base64,AAAA"),
                            new ChatMessage.Image("image/gif", "https://example.com/c")),
                    shown.images());
            assertEquals("[A file, d (image/svg+xml), that cannot be shown here]", shown.content());
        }
    }

    @Test
    void theLineInPlaceOfAFileIsOneShortLine() {
        try (var chats = Chats.with(Script.says("Nice"))) {
            String part =
                    "{\"type\": \"file\", \"mediaType\": \"%s\", \"filename\": \"%s\", \"url\": \"https://example.com/a\"}";
            chats.send(submit(
                    "m1",
                    "["
                            + part.formatted("text/plain", "a\\r\\nb\\u0085c\\u2028d\\u0007e") + ","
                            + part.formatted("text/plain", "😀".repeat(101)) + ","
                            + part.formatted("text/\\nplain", "f") + "]"));
            assertEquals(
                    List.of(
                            "[A file, a  b c d e (text/plain), that cannot be shown here]",
                            "[A file, " + "😀".repeat(100) + " (text/plain), that cannot be shown here]",
                            "[A file, f (text/ plain), that cannot be shown here]"),
                    chats.model()
                            .prompts()
                            .getLast()
                            .messages()
                            .getLast()
                            .content()
                            .lines()
                            .toList());
        }
    }

    @Test
    void theModelIsToldWhatTheUserDecided() {
        try (var chats = Chats.with(Script.says("Well"))) {
            String call =
                    "{\"type\": \"tool-send\", \"toolCallId\": \"c\", \"input\": {}, \"state\": \"%s\", \"approval\": %s}";
            String no = "{\"id\": \"a\", \"approved\": false";
            String responded = "approval-responded";
            chats.send(submit(
                    "m1",
                    List.of(
                                    call.formatted(
                                            responded, "{\"id\": \"a\", \"approved\": true, \"reason\": \"go\"}"),
                                    call.formatted(responded, no + "}"),
                                    call.formatted(responded, no + ", \"reason\": \"Too late\"}"),
                                    call.formatted("output-denied", no + ", \"reason\": \"Never\"}"),
                                    call.formatted("output-denied", "null"),
                                    call.formatted(responded, "{\"id\": \"a\"}"),
                                    call.formatted(responded, no + ", \"reason\": \"" + "x".repeat(30_000) + "\"}"))
                            .toString()));
            var lines = chats.model()
                    .prompts()
                    .getLast()
                    .messages()
                    .getLast()
                    .content()
                    .lines()
                    .toList();
            String called = "[Tool send was called with {}";
            assertEquals(
                    List.of(
                            called + ", which the user approved, and has no result yet]",
                            called + ", which the user denied]",
                            called + ", which the user denied: Too late]",
                            called + ", which the user denied: Never]",
                            called + ", which the user denied]",
                            called + " and has no result yet]"),
                    lines.subList(0, 6));
            assertTrue(lines.get(6).startsWith(called + ", which the user denied: xxx"), lines.get(6));
            assertEquals(20_002, lines.get(6).length());
        }
    }

    /** The model would count wrongly, or call again. */
    @Test
    void equalCallsAndFilesAreAsManyLines() {
        try (var chats = Chats.with(Script.says("Nice"))) {
            String call =
                    "{\"type\": \"tool-add\", \"toolCallId\": \"%s\", \"input\": {}, \"state\": \"output-available\","
                            + " \"output\": 1}";
            String file =
                    "{\"type\": \"file\", \"mediaType\": \"application/pdf\", \"filename\": \"a.pdf\", \"url\": \"%s\"}";
            chats.send(submit(
                    "m1",
                    "[" + call.formatted("a") + "," + call.formatted("b") + "," + file.formatted("https://a") + ","
                            + file.formatted("https://b") + "]"));
            assertEquals(
                    "[Tool add was called with {} and gave 1]\n".repeat(2)
                            + "[A file, a.pdf (application/pdf), that cannot be shown here]\n"
                                    .repeat(2)
                                    .strip(),
                    chats.model().prompts().getLast().messages().getLast().content());
        }
    }

    @Test
    void manyPartsAreOneLineAndWhatStandsForPartsKeepsToTheLimitOfTheHistory() {
        try (var chats = Chats.with(Script.says("Nice"), Script.says("Yes"), Script.says("Sure"))) {
            var many = JSON.createArrayNode().add(tree("{\"type\": \"text\", \"text\": \"Points\"}"));
            for (int i = 0; i < 20_000; i++) {
                many.addObject().put("type", "data-point").putObject("data").put("x", i);
            }
            assertEquals(200, chats.send(submit("m1", many.toString())).status());
            assertEquals(many, loaded(chats).at("/0/parts"));
            assertEquals(
                    "Points\n[A part of type data-point that cannot be shown here]",
                    chats.model().prompts().getLast().messages().getLast().content());

            var long10 = JSON.createArrayNode().add(tree("{\"type\": \"text\", \"text\": \"Found\"}"));
            for (int i = 0; i < 10; i++) {
                long10.addObject()
                        .put("type", "tool-find")
                        .put("toolCallId", "c" + i)
                        .put("state", "output-available")
                        .put("output", i + "x".repeat(15_000));
            }
            assertEquals(200, chats.send(submit("m2", long10.toString())).status());
            chats.send(submit("m3", "[{\"type\": \"text\", \"text\": \"And?\"}]"));
            assertEquals(
                    List.of(
                            "Points\n[A part of type data-point that cannot be shown here]",
                            "Nice",
                            "Found",
                            "Yes",
                            "And?"),
                    chats.model().prompts().getLast().messages().stream()
                            .map(ChatMessage::content)
                            .toList());
        }
    }

    @Test
    void tooManyValuesAreRefusedWithTheirNumber() {
        try (var chats = Chats.with()) {
            Answer refused = chats.send(submit("m1", "[" + "{\"type\":\"a\"},".repeat(50_000) + "{\"type\":\"a\"}]"));
            assertEquals(422, refused.status());
            assertEquals(
                    "/messages/0/parts: has 100004 values in all; at most 100000",
                    refused.json().path("detail").asText());
        }
    }

    @Test
    void aFileAloneIsAMessageAndOtherPartsAreAnEdit() {
        try (var chats = Chats.with(Script.says("Nice"), Script.says("Better"))) {
            String file = "[{\"type\": \"file\", \"mediaType\": \"image/png\", \"url\": \"" + PIXEL + "\"}]";
            assertEquals(200, chats.send(submit("m1", file)).status());
            assertEquals(
                    200,
                    chats.send(submit("m1", file.replace("image/png", "image/jpeg")))
                            .status());
            assertEquals(List.of("user: ", "assistant: Better (completed)"), chats.rows());
            assertEquals("image/jpeg", loaded(chats).at("/0/parts/0/mediaType").asText());
            assertEquals(
                    List.of("image/png"),
                    chats.query("select parts #>> '{0,mediaType}' from messages where not current and role = 'user'"));
        }
    }

    @Test
    void tooDeepIsRefusedWithTheLimitAndNoOtherHint() {
        try (var chats = Chats.with(Script.says("Nice"))) {
            String deep = "[{\"type\": \"data-x\", \"data\": " + "[".repeat(30) + "]".repeat(30) + "}]";
            Answer refused = chats.send(submit("m1", deep));
            assertEquals(422, refused.status());
            assertEquals(
                    "/messages/0/parts: is nested too deep; at most 32 levels",
                    refused.json().path("detail").asText());
            assertEquals(
                    200,
                    chats.send(submit("m1", deep.replace("[[", "[").replace("]]", "]")))
                            .status());
        }
    }

    @Test
    void tooMuchIsRefusedWithTheLimitAndDoesNotJamTheChat() {
        try (var chats = Chats.with(Script.says("Nice"))) {
            String large = "[{\"type\": \"file\", \"mediaType\": \"image/png\", \"url\": \"data:image/png;base64,%s\"}]"
                    .formatted("A".repeat(3_000_000));
            Answer refused = chats.send(submit("m1", large));
            assertEquals(422, refused.status());
            assertTrue(refused.body().contains("at most 3000000"), refused.body());
            String endless =
                    submit("m1", "[{\"type\": \"data-x\", \"data\": 7777}]").replace("7777", "1e131071");
            assertEquals(422, chats.send(endless).status());
            String deep = "[{\"type\": \"data-x\", \"data\": %s}]".formatted("[".repeat(60) + "]".repeat(60));
            assertEquals(422, chats.send(submit("m1", deep)).status());
            var next = (ObjectNode) tree(submit("m1", large));
            next.withArray("messages")
                    .add(
                            tree(
                                    "{\"id\": \"m2\", \"role\": \"user\", \"parts\": [{\"type\": \"text\", \"text\": \"Hi\"}]}"));
            assertEquals(200, chats.send(next.toString()).status());
            assertEquals(List.of("user: Hi", "assistant: Nice (completed)"), chats.rows());
        }
    }

    @Test
    void aClientsToolResultUpdatesItsOwnPartAndTheAnswerGoesOn() {
        try (var chats = Chats.with(Script.says("Let me see"), Script.says(": ", "noon"))) {
            chats.send(submit("m1", "[{\"type\": \"text\", \"text\": \"When?\"}]"));
            String answer = chats.query("select id from messages where role = 'assistant'")
                    .getFirst();
            String call =
                    "{\"type\": \"tool-time\", \"toolCallId\": \"c1\", \"state\": \"input-available\", \"input\": {}}";
            assertEquals(422, chats.send(result(answer, call)).status(), "nothing waits");
            chats.query("with called as (update messages set parts = '[{\"type\": \"text\", \"text\": \"Let me see\"}, "
                    + call + "]' where role = 'assistant' returning 1) select count(*) from called");
            String done = call.replace("input-available\"", "output-available\", \"output\": \"12:00\"");
            String forged = done.replace("\"input\": {}", "\"input\": {\"zone\": \"CET\"}, \"title\": \"Mine\"");
            Answer more = chats.send(result(answer, forged), "key");
            assertEquals(200, more.status(), more.body());
            assertTrue(more.body().contains("\"messageId\":\"" + answer + "\""), more.body());
            assertTrue(more.body().contains("noon") && !more.body().contains("Let me see"), more.body());
            assertEquals(
                    tree("[{\"type\": \"text\", \"text\": \"Let me see\"}, " + done
                            + ", {\"type\": \"step-start\"}, {\"type\": \"text\", \"text\": \": noon\"}]"),
                    loaded(chats).at("/1/parts"));
            assertEquals(List.of("user: When?", "assistant: Let me see: noon (completed)"), chats.rows());
            var shown = chats.model().prompts().getLast().messages();
            assertTrue(shown.get(1).content().contains("and gave \"12:00\""), shown::toString);
            Answer again = chats.send(result(answer, done));
            assertTrue(again.body().contains("\"delta\":\": noon\""), again.body());
            var replayed = chats.send(result(answer, forged), "key");
            assertEquals(again.body(), replayed.body());
            assertEquals("true", replayed.header("idempotency-replayed").orElse(""));
            assertEquals(422, chats.send(result(answer, done), "key").status());
            assertEquals(
                    422,
                    chats.send(submit("m2", "[{\"type\": \"text\", \"text\": \"And?\"}]"), "key")
                            .status());
            assertEquals(
                    404,
                    chats.send(result("00000000-0000-4000-8000-000000000001", done))
                            .status());
            assertEquals(2, chats.model().calls());
        }
    }

    @Test
    void aResultIsSentAgainWhereItsContinuationFailed() {
        var fails = new ModelFailure.Failed("no");
        try (var chats = Chats.with(
                Script.says("Let me see"),
                Script.says().thenFails(fails),
                Script.says(": no").thenFails(fails),
                Script.says(": noon"))) {
            chats.send(submit("m1", "[{\"type\": \"text\", \"text\": \"When?\"}]"));
            String answer = chats.query("select id from messages where role = 'assistant'")
                    .getFirst();
            String call =
                    "{\"type\": \"tool-time\", \"toolCallId\": \"c1\", \"state\": \"input-available\", \"input\": {}}";
            chats.query("with called as (update messages set parts = '[{\"type\": \"text\", \"text\": \"Let me see\"}, "
                    + call + "]' where role = 'assistant' returning 1) select count(*) from called");
            String done = call.replace("input-available\"", "output-available\", \"output\": \"12:00\"");
            chats.send(result(answer, done), "key");
            assertEquals(List.of("user: When?", "assistant: Let me see (incomplete)"), chats.rows());
            chats.send(result(answer, done));
            assertEquals(": no", loaded(chats).at("/1/parts/3/text").asText());
            Answer more = chats.send(result(answer, done), "key");
            assertTrue(more.body().contains("noon") && !more.body().contains("Let me see"), more.body());
            assertEquals(
                    tree("[{\"type\": \"text\", \"text\": \"Let me see\"}, " + done
                            + ", {\"type\": \"step-start\"}, {\"type\": \"text\", \"text\": \": noon\"}]"),
                    loaded(chats).at("/1/parts"));
            var prompts = chats.model().prompts();
            assertEquals(prompts.get(1).messages(), prompts.getLast().messages());
            assertEquals(
                    "true",
                    chats.send(result(answer, done), "key")
                            .header("idempotency-replayed")
                            .orElse(""));
            var all = chats.api()
                    .call(Call.get("/api/conversations/" + CHAT)
                            .query("include", "failed,replaced")
                            .as(chats.ada()))
                    .json()
                    .path("messages");
            assertEquals(
                    List.of("When?", "Let me see: noon", ": no"),
                    all.findValuesAsText("content"),
                    "nothing that a model wrote is deleted, and of the keys nothing is shown");
        }
    }

    @Test
    void anOutcomeThatACallDoesNotTakeIsRefusedWithTheCall() {
        try (var chats = Chats.with(Script.says("Let me see"), Script.says(": noon"))) {
            chats.send(submit("m1", "[{\"type\": \"text\", \"text\": \"When?\"}]"));
            String answer = chats.query("select id from messages where role = 'assistant'")
                    .getFirst();
            String call = "{\"type\": \"tool-time\", \"toolCallId\": \"%s\", \"state\": \"%s\", \"output\": 1}";
            String waits = call.formatted("c1", "input-available");
            chats.query("with called as (update messages set parts = '[{\"type\": \"text\", \"text\": \"Let me see\"}, "
                    + waits + "]' where role = 'assistant' returning 1) select count(*) from called");
            String unknown = call.formatted("c2", "output-available");
            String done = call.formatted("c1", "output-available");
            for (var refusal : Map.of(
                            call.formatted("c1", "output-error"),
                            "/messages: The call \"c1\" takes output-available, or output-error with an errorText.",
                            done + ", " + unknown,
                            "/messages: The stored answer has no call \"c2\".")
                    .entrySet()) {
                var refused = chats.send(result(answer, refusal.getKey()), "key");
                assertEquals(422, refused.status(), refused.body());
                assertEquals(refusal.getValue(), refused.json().path("detail").asText());
                assertEquals("/messages", refused.json().at("/errors/0/pointer").asText());
            }
            String longer = result(answer, done).replace("Let me see", "Let me see" + " and see".repeat(20_000));
            assertEquals(
                    200,
                    chats.send(longer).status(),
                    "of the client's copy only the call counts; nothing was kept before");
            assertEquals(List.of("user: When?", "assistant: Let me see: noon (completed)"), chats.rows());
            var again = chats.send(result(answer, done));
            assertEquals("true", again.header("idempotency-replayed").orElse(""), "no call waits any more");
            var refused = chats.send(result(answer, done + ", " + unknown)).json();
            assertEquals(
                    "/messages: The stored answer has no call \"c2\".",
                    refused.path("detail").asText());
        }
    }

    /** A page does so that asks on without having sent the result, or after that request was lost. */
    @Test
    void aResultThatComesWithTheNextQuestionIsStored() {
        try (var chats = Chats.with(Script.says("Let me see"), Script.says("Good"))) {
            chats.send(submit("m1", "[{\"type\": \"text\", \"text\": \"When?\"}]"));
            String answer = chats.query("select id from messages where role = 'assistant'")
                    .getFirst();
            String call =
                    "{\"type\": \"tool-time\", \"toolCallId\": \"c1\", \"state\": \"input-available\", \"input\": {}}";
            chats.query("with called as (update messages set parts = '[{\"type\": \"text\", \"text\": \"Let me see\"}, "
                    + call + "]' where role = 'assistant' returning 1) select count(*) from called");
            String done = call.replace("input-available\"", "output-available\", \"output\": \"12:00\"");
            var list = (ObjectNode) tree(submit("m1", "[{\"type\": \"text\", \"text\": \"When?\"}]"));
            list.withArray("messages")
                    .addAll((ArrayNode) tree(result(answer, done)).path("messages"))
                    .addAll((ArrayNode) tree(submit("m2", "[{\"type\": \"text\", \"text\": \"Thanks\"}]"))
                            .path("messages"));
            assertEquals(200, chats.send(list.toString()).status());
            assertEquals(tree(done), loaded(chats).at("/1/parts/1"));
            var shown = chats.model().prompts().getLast().messages();
            assertTrue(shown.get(1).content().contains("and gave \"12:00\""), shown::toString);
        }
    }

    @Test
    void aLateResultIsToldWhatItIs() {
        try (var chats = Chats.with(Script.says("Let me see"), Script.says("Yes"))) {
            chats.send(submit("m1", "[{\"type\": \"text\", \"text\": \"When?\"}]"));
            chats.send(submit("m2", "[{\"type\": \"text\", \"text\": \"And?\"}]"));
            var answer = chats.query("select id from messages where role = 'assistant' order by seq")
                    .getFirst();
            var late = chats.send(result(answer, "{\"type\": \"tool-time\", \"toolCallId\": \"c1\"}"))
                    .json();
            assertEquals("/messages", late.at("/errors/0/pointer").asText(), late.toString());
            assertTrue(late.at("/detail").asText().contains("taken only for the last answer"), late.toString());
        }
    }

    /** As useChat sends it after sendMessage with a message's id. */
    @Test
    void newMetadataOfAnAnsweredMessageAreStoredWithoutANewAnswer() {
        try (var chats = Chats.with(Script.says("Nice"))) {
            chats.send(submit("m1", "[{\"type\": \"text\", \"text\": \"Hi\"}]"));
            var revision =
                    chats.query("select revision::text from conversations").getFirst();
            var body = (ObjectNode) tree(submit("m1", "[{\"type\": \"text\", \"text\": \"Hi\"}]"));
            ((ObjectNode) body.put("messageId", "m1").at("/messages/0"))
                    .putObject("metadata")
                    .put("mood", "good");
            for (int i = 0; i < 2; i++) {
                var again = chats.send(body.toString());
                assertEquals("true", again.header("idempotency-replayed").orElse(""), again.body());
                assertEquals("good", loaded(chats).at("/0/metadata/mood").asText());
                assertEquals(
                        List.of(Long.toString(Long.parseLong(revision) + 1)),
                        chats.query("select revision::text from conversations"));
            }
            assertEquals(1, chats.model().calls());
        }
    }

    /** What the owner of the database wrote, and a page left out, is not what a client that loaded the page means to remove. */
    @Test
    void metadataThatAClientWasNotShownStay() {
        try (var chats = Chats.with(Script.says("Nice"))) {
            var body = (ObjectNode) tree(submit("m1", "[{\"type\": \"text\", \"text\": \"Hi\"}]"));
            chats.send(body.toString());
            chats.query(
                    "with w as (update messages set metadata = metadata || jsonb_build_object('x', repeat('x', 200000))"
                            + " where role = 'user' returning 1) select count(*) from w");
            var shown = loaded(chats).at("/0/metadata");
            assertTrue(shown.at("/cut/metadata").isNumber(), shown.toString());
            ((ObjectNode) body.at("/messages/0")).set("metadata", shown);
            assertEquals(200, chats.send(body.toString()).status());
            assertEquals(
                    List.of("200000"),
                    chats.query("select length(metadata ->> 'x') from messages where role = 'user'"));
        }
    }

    /** As useChat sends it after addToolOutput. */
    private static String result(String answer, String part) {
        ObjectNode body = JSON.createObjectNode()
                .put("id", CHAT)
                .put("trigger", "submit-message")
                .put("messageId", answer);
        body.putArray("messages")
                .addObject()
                .put("id", answer)
                .put("role", "assistant")
                .set("parts", tree("[{\"type\": \"text\", \"text\": \"Let me see\"}, " + part + "]"));
        return body.toString();
    }

    @Test
    void metadataIsTheSameInTheStreamInUiMessagesAndInTheNativeForm() {
        try (var chats = Chats.with(Script.says("Nice"))) {
            var body = (ObjectNode) tree(submit("m1", "[{\"type\": \"text\", \"text\": \"Hi\"}]"));
            ((ObjectNode) body.at("/messages/0")).putObject("metadata").put("mood", "good");
            var streamed = JSON.createObjectNode();
            chats.send(body.toString())
                    .body()
                    .lines()
                    .filter(line -> line.contains("messageMetadata"))
                    .forEach(line -> streamed.setAll(
                            (ObjectNode) tree(line.substring("data: ".length())).path("messageMetadata")));
            var conversation = chats.query("select id from conversations").getFirst();
            var ui = loaded(chats);
            var plain = chats.api()
                    .call(Call.get("/api/conversations/" + conversation).as(chats.ada()))
                    .json()
                    .path("messages");
            assertEquals(ui.at("/1/metadata"), streamed);
            assertEquals(ui.at("/1/metadata"), plain.at("/1/metadata"));
            assertEquals(ui.at("/0/metadata"), plain.at("/0/metadata"));
            assertEquals("good", ui.at("/0/metadata/mood").asText());
            assertEquals(
                    List.of("conversationId", "createdAt", "finishReason", "model", "status", "usage"),
                    names(ui.at("/1/metadata")));
            assertEquals(List.of("conversationId", "createdAt", "mood", "status"), names(ui.at("/0/metadata")));
            assertTrue(ui.at("/0/metadata/createdAt")
                            .asText()
                            .compareTo(ui.at("/1/metadata/createdAt").asText())
                    < 0);
            var loadedAgain = (ObjectNode) tree(submit("m1", "[{\"type\": \"text\", \"text\": \"Hi\"}]"));
            ((ObjectNode) loadedAgain.at("/messages/0")).set("metadata", ui.at("/0/metadata"));
            assertEquals(200, chats.send(loadedAgain.toString()).status(), "what the server said is taken back");
        }
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream()
                .map(java.util.Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
