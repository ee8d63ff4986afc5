package history.chat.model;

import static history.chat.model.ModelServer.answers;
import static history.chat.model.ModelServer.head;
import static history.chat.model.ModelServer.send;
import static history.chat.model.ModelServer.streams;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import history.chat.model.Completion.FinishReason;
import history.chat.model.Completion.TokenUsage;
import history.fixture.Configured;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenAiModelTest {
    private static final String STOP = event("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
    private static final String USAGE = event(
            "{\"model\":\"model-1-exact\",\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}");
    private static final String DONE = event("[DONE]");

    @Test
    void answersWithTextUsageAndModel() throws Exception {
        try (var server = new ModelServer(streams(delta("Hel"), delta("lo"), STOP, USAGE, DONE))) {
            var asking = asking(server);
            assertEquals(
                    new Completion("Hello", FinishReason.STOP, new TokenUsage(7, 2), "model-1-exact"), asking.answer());
            assertEquals(List.of("Hel", "lo"), asking.deltas);
        }
    }

    @Test
    void aCountThatNoModelCanHaveIsNone() throws Exception {
        for (var count : List.of("2147483648", "4294967297", "99999999999999999999", "1e400", "-1")) {
            var usage = USAGE.replace(":7", ":" + count);
            try (var server = new ModelServer(streams(delta("Hello"), STOP, usage, DONE))) {
                assertEquals(
                        new Completion("Hello", FinishReason.STOP, null, "model-1-exact"),
                        asking(server).answer(),
                        count);
            }
        }
    }

    @Test
    void sendsWhatTheProtocolAsksFor() throws Exception {
        try (var server = new ModelServer(streams(STOP, DONE))) {
            var history = List.of(
                    ChatMessage.user("Hi"),
                    new ChatMessage(ChatMessage.Role.ASSISTANT, "Yes?"),
                    ChatMessage.user("Bye ❤"));
            asking(server).answer(new Prompt("Be brief.", history, "model-2", 0.5, 9, Duration.ofSeconds(20)));
            var request = server.requests().getFirst();
            assertEquals("POST /v1/chat/completions", request.method() + " " + request.target());
            assertEquals("Bearer " + Asking.KEY, request.headers().get("authorization"));
            assertEquals("application/json", request.headers().get("content-type"));
            var expected = """
                    {"model":"model-2","stream":true,"stream_options":{"include_usage":true},"messages":[
                    {"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},
                    {"role":"assistant","content":"Yes?"},{"role":"user","content":"Bye ❤"}],
                    "temperature":0.5,"max_tokens":9}""";
            var mapper = new ObjectMapper();
            assertEquals(mapper.readTree(expected), mapper.readTree(request.body()));
        }
    }

    @Test
    void needsNoKeyForAServerOfOnesOwn() throws Exception {
        try (var server = new ModelServer(streams(STOP, DONE))) {
            new Asking("openai", server, Map.of("CHAT_API_KEY", "")).answer();
            assertNull(server.requests().getFirst().headers().get("authorization"));
        }
    }

    @Test
    void readsEveryWayToWriteAnEvent() throws Exception {
        var stream = "\uFEFF: keep-alive\r\n\r\nevent: message\r\nid: 1\r\n"
                + delta("a").replace("\n", "\r\n") + ":\r"
                + delta("b").replace("\n", "\r") + "data:" + delta("c").substring(6)
                + "data: {\"choices\":[{\"delta\":\ndata: {\"content\":\"d\"}}]}\n\n"
                + STOP + "data:[DONE]\n\n";
        try (var server = new ModelServer(streams(stream))) {
            assertEquals("abcd", asking(server).answer().text());
        }
    }

    @Test
    void keepsCharactersWholeThatTheNetworkCuts() throws Exception {
        var text = "ä€👋🏽𝄞";
        var bytes = (delta(text) + STOP + DONE).getBytes(StandardCharsets.UTF_8);
        try (var server = new ModelServer((out, self) -> {
            head(out, 200, "text/event-stream");
            for (var one : bytes) {
                out.write(one);
                out.flush();
            }
        })) {
            var asking = asking(server);
            assertEquals(text, asking.answer().text());
            assertEquals(List.of(text), asking.deltas);
        }
    }

    @Test
    void joinsASurrogatePairThatComesInTwoDeltasAndDropsWhatNoDatabaseTakes() throws Exception {
        try (var server = new ModelServer(
                streams(delta("x\\ud83d"), delta("\\ude00y"), delta("\\u0000\\udc00z\\ud83d"), STOP, DONE))) {
            var asking = asking(server);
            assertEquals("x😀yz", asking.answer().text());
            assertEquals(List.of("x", "😀y", "z"), asking.deltas);
        }
    }

    @Test
    void takesFiveMegabytesInSmallPieces() throws Exception {
        var piece = delta("0123456789");
        try (var server = new ModelServer((out, self) -> {
            head(out, 200, "text/event-stream");
            var thousand = String.join("", Collections.nCopies(1000, piece));
            for (var i = 0; i < 500; i++) {
                send(out, thousand);
            }
            send(out, STOP + DONE);
        })) {
            var asking = asking(server);
            assertEquals(5_000_000, asking.answer().text().length());
            assertEquals(500_000, asking.deltas.size());
        }
    }

    @Test
    void takesFiveMegabytesInOnePiece() throws Exception {
        try (var server = new ModelServer(streams(delta("x".repeat(5_000_000)), STOP, DONE))) {
            assertEquals(5_000_000, asking(server).answer().text().length());
        }
    }

    @Test
    void stopsAnAnswerWithoutEnd() throws Exception {
        var piece = delta("x".repeat(100_000));
        try (var server = new ModelServer((out, self) -> {
            head(out, 200, "text/event-stream");
            while (true) {
                send(out, piece);
            }
        })) {
            asking(server).failure(ModelFailure.Failed.class);
            assertTrue(server.sawHangUp());
        }
    }

    @Test
    void anEmptyAnswerIsAnAnswer() throws Exception {
        try (var server = new ModelServer(streams(delta(""), STOP, DONE))) {
            assertEquals(
                    new Completion("", FinishReason.STOP, null, "model-1"),
                    asking(server).answer());
        }
    }

    @Test
    void tellsWhyTheModelStopped() throws Exception {
        for (var reason : Map.of(
                        "length", FinishReason.LENGTH,
                        "content_filter", FinishReason.REFUSED,
                        "tool_calls", FinishReason.OTHER,
                        "eos", FinishReason.OTHER)
                .entrySet()) {
            try (var server = new ModelServer(streams(delta("x"), STOP.replace("stop", reason.getKey())))) {
                assertEquals(reason.getValue(), asking(server).answer().finishReason());
            }
        }
    }

    @Test
    void aRefusalIsTextWithItsReason() throws Exception {
        try (var server = new ModelServer(streams(delta("No.").replace("content", "refusal"), STOP, DONE))) {
            var completion = asking(server).answer();
            assertEquals("No.", completion.text());
            assertEquals(FinishReason.REFUSED, completion.finishReason());
        }
    }

    @Test
    void dropsStreamOptionsForAServerThatRefusesThem() throws Exception {
        var refusal = answers(400, "", "{\"error\":{\"message\":\"Unrecognized request argument: stream_options\"}}");
        try (var server = new ModelServer(refusal, streams(delta("x"), STOP))) {
            var asking = asking(server);
            assertEquals("x", asking.answer().text());
            asking.deltas.clear();
            asking.answer();
            assertEquals(3, server.requests().size());
            assertTrue(server.requests().getFirst().body().contains("stream_options"));
            assertFalse(server.requests().get(1).body().contains("stream_options"));
            assertFalse(server.requests().get(2).body().contains("stream_options"));
        }
    }

    /** What a user wrote may stand in an error: it does not decide for the next requests. */
    @Test
    void asksForTheUsageAgainWhereTheOptionsWereNotWhatIsRefused() throws Exception {
        var quoting = answers(422, "", "{\"detail\":[{\"input\":\"Explain stream_options\"}]}");
        try (var server = new ModelServer(quoting, quoting, streams(delta("x"), STOP))) {
            var asking = asking(server);
            asking.failure(ModelFailure.Failed.class);
            asking.answer();
            assertTrue(server.requests().getLast().body().contains("stream_options"));
        }
    }

    @Test
    void aStreamThatEndsWithoutAFinishReasonIsAFailure() throws Exception {
        for (var stream : List.of(delta("Hel"), delta("Hel") + STOP.strip(), delta("Hel") + DONE.strip())) {
            try (var server = new ModelServer(streams(stream))) {
                var asking = asking(server);
                asking.failure(ModelFailure.Failed.class);
                assertEquals("Hel", asking.heard());
                assertEquals(1, server.requests().size());
            }
        }
    }

    @Test
    void itsLastEventCompletesAnAnswerThatHasNoFinishReason() throws Exception {
        for (var answer : Map.of(
                        delta("Hel") + delta("lo") + USAGE, FinishReason.STOP,
                        delta("Hello").replace("content", "refusal") + USAGE, FinishReason.REFUSED,
                        delta("Hello") + toolCall() + USAGE, FinishReason.OTHER)
                .entrySet()) {
            try (var server = new ModelServer(streams(answer.getKey(), DONE))) {
                assertEquals(
                        new Completion("Hello", answer.getValue(), new TokenUsage(7, 2), "model-1-exact"),
                        asking(server).answer());
            }
        }
        try (var server = new ModelServer(streams(toolCall(), DONE))) {
            assertEquals(FinishReason.OTHER, asking(server).answer().finishReason());
        }
        for (var stream : List.of(DONE, delta("") + DONE, delta("Hel") + event("{\"error\":{}}") + DONE)) {
            try (var server = new ModelServer(streams(stream))) {
                asking(server).failure(ModelFailure.Failed.class);
            }
        }
    }

    /** As Mistral's reasoning models send it: https://docs.mistral.ai/capabilities/reasoning. */
    @Test
    void ofContentInPartsTheTextIsTheAnswer() throws Exception {
        var thinking = "{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"Hm\"}],\"text\":\"Hm\"}";
        var first = "{\"type\":\"text\",\"text\":\"Hel\"}";
        var second = "{\"type\":\"text\",\"text\":\"lo\"}";
        try (var server = new ModelServer(streams(
                deltaOf("[" + thinking + "]"),
                deltaOf("[" + thinking + "," + first + "," + second + ",null,\"x\"]"),
                delta("!"),
                deltaOf("[]"),
                STOP,
                DONE))) {
            assertEquals("Hello!", asking(server).answer().text());
        }
    }

    @Test
    void onlyTheFirstChoiceIsTheAnswer() throws Exception {
        var other = "{\"index\":1,\"delta\":{\"content\":\"Other\"},\"finish_reason\":\"length\"}";
        var ours = "{\"index\":0,\"delta\":{\"content\":\"Hel\"},\"finish_reason\":null}";
        var unnumbered = "{\"delta\":{\"content\":\"lo\"}}";
        try (var server = new ModelServer(streams(
                event("{\"choices\":[" + other + "," + ours + "]}"),
                event("{\"choices\":[" + other + "]}"),
                event("{\"choices\":[" + unnumbered + "]}"),
                STOP,
                DONE))) {
            var completion = asking(server).answer();
            assertEquals("Hello", completion.text());
            assertEquals(FinishReason.STOP, completion.finishReason());
        }
    }

    @Test
    void aConnectionThatBreaksIsAFailure() throws Exception {
        var whole = (delta("Hel") + delta("ä")).getBytes(StandardCharsets.UTF_8);
        try (var server = new ModelServer((out, self) -> {
            send(out, "HTTP/1.1 200 x\r\ncontent-type: text/event-stream\r\ncontent-length: 100000\r\n\r\n");
            out.write(whole, 0, new String(whole, StandardCharsets.UTF_8).lastIndexOf('ä') + 1);
        })) {
            var asking = asking(server);
            asking.failure(ModelFailure.Failed.class);
            assertEquals("Hel", asking.heard());
            assertEquals(1, server.requests().size());
        }
    }

    @Test
    void isCompleteOnceTheModelSaidSoWhateverFollows() throws Exception {
        try (var server = new ModelServer((out, self) -> {
            head(out, 200, "text/event-stream");
            send(out, delta("Hello") + STOP);
            self.stall();
        })) {
            assertEquals("Hello", asking(server).answer().text());
            assertTrue(server.sawHangUp());
        }
        try (var server = new ModelServer(streams(delta("Hello"), STOP, "data: {broken\n\n"))) {
            assertEquals("Hello", asking(server).answer().text());
        }
    }

    @Test
    void givesUpOnASilentServer() throws Exception {
        try (var server = new ModelServer((out, self) -> self.stall())) {
            asking(server).timesOutAfter(Duration.ofMillis(400));
            assertTrue(server.sawHangUp());
        }
    }

    @Test
    void givesUpOnAServerThatStallsInMidAnswer() throws Exception {
        try (var server = new ModelServer((out, self) -> {
            head(out, 200, "text/event-stream");
            send(out, delta("Hel"));
            self.stall();
        })) {
            var asking = asking(server);
            asking.timesOutAfter(Duration.ofMillis(800));
            assertEquals("Hel", asking.heard());
            assertTrue(server.sawHangUp());
        }
    }

    @Test
    void aStopEndsACallOfASilentServerAndHangsUp() throws Exception {
        try (var server = new ModelServer((out, it) -> it.stall())) {
            asking(server).stops();
            assertTrue(server.sawHangUp());
        }
    }

    @Test
    void aStopEndsACallInMidAnswerAndHangsUp() throws Exception {
        try (var server = new ModelServer((out, it) -> {
            ModelServer.head(out, 200, "text/event-stream");
            ModelServer.send(out, "data: {\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\n\n");
            it.stall();
        })) {
            var asking = asking(server);
            asking.stops();
            assertTrue(server.sawHangUp());
            assertEquals("Hel", asking.heard());
        }
    }

    @Test
    void givesUpOnAServerThatDrips() throws Exception {
        try (var server = new ModelServer((out, self) -> {
            head(out, 200, "text/event-stream");
            while (true) {
                send(out, ": still here\n\n" + delta("."));
            }
        })) {
            asking(server).timesOutAfter(Duration.ofMillis(600));
            assertTrue(server.sawHangUp());
        }
    }

    @Test
    void givesUpOnARefusalThatNeverEnds() throws Exception {
        try (var server = new ModelServer((out, self) -> {
            send(out, "HTTP/1.1 500 x\r\ncontent-length: 50\r\n\r\n{");
            self.stall();
        })) {
            asking(server).failure(ModelFailure.class, Duration.ofMillis(500));
            assertTrue(server.sawHangUp());
        }
    }

    @Test
    void theConfiguredLimitHoldsTooAndNoTimeMeansNoCall() throws Exception {
        try (var server = new ModelServer((out, self) -> self.stall())) {
            var start = System.nanoTime();
            new Asking("openai", server, Map.of("CHAT_TIMEOUT_SECONDS", "1")).failure(ModelFailure.TimedOut.class);
            assertTrue(System.nanoTime() - start < 5_000_000_000L);
            asking(server).failure(ModelFailure.TimedOut.class, Duration.ZERO);
            assertEquals(1, server.requests().size());
        }
    }

    @Test
    void aListenerThatThrowsEndsTheCall() throws Exception {
        try (var server = new ModelServer((out, self) -> {
            head(out, 200, "text/event-stream");
            send(out, delta("Hel"));
            self.stall();
        })) {
            var environment = Map.of(
                    "CHAT_PROVIDER",
                    "openai",
                    "CHAT_MODEL",
                    "m",
                    "CHAT_BASE_URL",
                    server.url().toString());
            var model = Configured.read(environment, Asking::model);
            var thrown = assertThrows(
                    IllegalStateException.class,
                    () -> model.answer(Asking.prompt("m", Duration.ofSeconds(20)), new Transcript(delta -> {
                        throw new IllegalStateException(delta);
                    })));
            assertEquals("Hel", thrown.getMessage());
            assertTrue(server.sawHangUp());
        }
    }

    @Test
    void aBusyServerSaysWhenToComeBack() throws Exception {
        for (var status : List.of(429, 503, 529)) {
            try (var server = new ModelServer(answers(status, "retry-after: 12\r\n", "{}"))) {
                var failure = asking(server).failure(ModelFailure.RateLimited.class);
                assertEquals(Duration.ofSeconds(12), failure.retryAfter().orElseThrow());
                assertEquals(1, server.requests().size());
            }
        }
    }

    @Test
    void readsRetryAfterAsSecondsOrDateOrNotAtAll() {
        assertEquals(Duration.ofMillis(1500), RemoteModel.retryAfter(" 1.5 "));
        assertEquals(Duration.ZERO, RemoteModel.retryAfter("Wed, 21 Oct 2015 07:28:00 GMT"));
        var later = ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(2);
        var wait = RemoteModel.retryAfter(DateTimeFormatter.RFC_1123_DATE_TIME.format(later));
        assertTrue(wait != null && wait.toSeconds() > 100 && wait.toSeconds() <= 120, () -> String.valueOf(wait));
        for (var form : List.of("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", "EEE MMM ppd HH:mm:ss yyyy")) {
            var date = DateTimeFormatter.ofPattern(form, Locale.ENGLISH).format(later);
            var until = RemoteModel.retryAfter(date);
            assertTrue(until != null && until.toSeconds() > 100 && until.toSeconds() <= 120, () -> date + ": " + until);
        }
        assertEquals(Duration.ZERO, RemoteModel.retryAfter("Wednesday, 21-Oct-15 07:28:00 GMT"));
        assertEquals(Duration.ZERO, RemoteModel.retryAfter("Sun Nov  6 08:49:37 1994"));
        assertNull(RemoteModel.retryAfter("Sun Nov  6 08:49:37"));
        assertNull(RemoteModel.retryAfter(""));
        assertEquals(Duration.ofSeconds(99_999_999_999L), RemoteModel.retryAfter("99999999999"));
        assertEquals(Duration.ofMillis(Long.MAX_VALUE), RemoteModel.retryAfter("9".repeat(400)));
        assertNull(RemoteModel.retryAfter("-5"));
        assertNull(RemoteModel.retryAfter("soon"));
    }

    @Test
    void everyRefusalIsOneCallAndGivesNothingAway() throws Exception {
        var body = "{\"error\":{\"message\":\"private " + Asking.KEY + "\",\"code\":\"invalid_api_key\"}}";
        for (var status : List.of(204, 301, 400, 401, 403, 404, 422, 500, 502)) {
            try (var server =
                    new ModelServer(answers(status, "location: http://127.0.0.1/\r\n", status == 204 ? "" : body))) {
                asking(server).failure(ModelFailure.Failed.class);
                assertEquals(1, server.requests().size());
            }
        }
    }

    @Test
    void whatIsNoStreamOfJsonIsAFailure() throws Exception {
        for (var body : List.of(
                "data: {not json private\n\n",
                event("{\"error\":{\"message\":\"private\",\"code\":500}}"),
                "data: \u0001\n\n",
                "<html>private</html>",
                event("null"),
                event("[]"),
                "")) {
            try (var server = new ModelServer(streams(body))) {
                asking(server).failure(ModelFailure.Failed.class);
            }
        }
        try (var server = new ModelServer(answers(200, "content-type: text/html\r\n", "<html>private</html>"))) {
            asking(server).failure(ModelFailure.Failed.class);
        }
        try (var server = new ModelServer((out, self) -> {
            head(out, 200, "text/event-stream");
            out.write(new byte[] {'d', 'a', 't', 'a', ':', (byte) 0xe4, '\n', '\n'});
        })) {
            asking(server).failure(ModelFailure.Failed.class);
        }
        try (var server = new ModelServer((out, self) -> send(out, "SSH-2.0-nonsense\r\n\r\n"))) {
            asking(server).failure(ModelFailure.Failed.class);
        }
    }

    @Test
    void aRateLimitInMidAnswerIsOne() throws Exception {
        var error = event("{\"error\":{\"message\":\"x\",\"code\":\"rate_limit_exceeded\"}}");
        try (var server = new ModelServer(streams(delta("Hel"), error))) {
            asking(server).failure(ModelFailure.RateLimited.class);
        }
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        var before = Thread.getAllStackTraces().keySet();
        try (var server = new ModelServer(streams(delta("x"), STOP, DONE))) {
            for (var i = 0; i < 20; i++) {
                asking(server).answer();
            }
        }
        for (var thread : Thread.getAllStackTraces().keySet()) {
            if (!before.contains(thread) && thread.getName().startsWith("HttpClient-")) {
                assertTrue(thread.join(Duration.ofSeconds(10)), thread::getName);
            }
        }
    }

    @Test
    void aServerThatIsNotThereIsAFailure() throws Exception {
        var server = new ModelServer(streams(STOP));
        var asking = asking(server);
        server.close();
        asking.failure(ModelFailure.Failed.class);
    }

    private static Asking asking(ModelServer server) {
        return new Asking("openai", server, Map.of());
    }

    private static String delta(String content) {
        return deltaOf("\"" + content + "\"");
    }

    private static String deltaOf(String content) {
        return event("{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":" + content
                + "},\"finish_reason\":null}]}");
    }

    private static String toolCall() {
        return event("{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c1\"}]}}]}");
    }

    private static String event(String data) {
        return "data: " + data + "\n\n";
    }
}
