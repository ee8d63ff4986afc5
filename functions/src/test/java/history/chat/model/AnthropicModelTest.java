package history.chat.model;

import static history.chat.model.ModelServer.answers;
import static history.chat.model.ModelServer.head;
import static history.chat.model.ModelServer.send;
import static history.chat.model.ModelServer.streams;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import history.chat.model.Completion.FinishReason;
import history.chat.model.Completion.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnthropicModelTest {
    private static final String START = event(
            "message_start",
            "\"message\":{\"model\":\"claude-exact\",\"usage\":"
                    + "{\"input_tokens\":5,\"cache_read_input_tokens\":100,\"output_tokens\":1}}");
    private static final String END = end("end_turn");
    private static final String STOP = event("message_stop", "\"x\":0");

    @Test
    void answersWithTextUsageAndModel() throws Exception {
        var thinking = event("content_block_delta", "\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"private\"}");
        var stream = new String[] {START, event("ping", "\"x\":0"), thinking, delta("Hel"), delta("lo"), END, STOP};
        try (var server = new ModelServer(streams(stream))) {
            var asking = asking(server);
            assertEquals(
                    new Completion("Hello", FinishReason.STOP, new TokenUsage(105, 2), "claude-exact"),
                    asking.answer());
            assertEquals(List.of("Hel", "lo"), asking.deltas);
        }
    }

    @Test
    void sendsTurnsAndKeepsInstructionsApart() throws Exception {
        try (var server = new ModelServer(streams(START, END, STOP))) {
            var history = List.of(
                    new ChatMessage(ChatMessage.Role.ASSISTANT, "Too early"),
                    ChatMessage.user("One"),
                    ChatMessage.user("Two"),
                    new ChatMessage(ChatMessage.Role.ASSISTANT, " "),
                    ChatMessage.user("Three"),
                    new ChatMessage(ChatMessage.Role.ASSISTANT, "Yes?"),
                    ChatMessage.user("Four"));
            asking(server).answer(new Prompt("Be brief.", history, "claude-2", 0.5, 9, Duration.ofSeconds(20)));
            var request = server.requests().getFirst();
            assertEquals("POST /v1/messages", request.method() + " " + request.target());
            assertEquals(Asking.KEY, request.headers().get("x-api-key"));
            assertEquals("2023-06-01", request.headers().get("anthropic-version"));
            var expected = """
                    {"model":"claude-2","stream":true,"max_tokens":9,"system":"Be brief.","temperature":0.5,
                    "messages":[
                    {"role":"user","content":[{"type":"text","text":"One\\n\\nTwo\\n\\nThree"}]},
                    {"role":"assistant","content":[{"type":"text","text":"Yes?"}]},
                    {"role":"user","content":[{"type":"text","text":"Four"}]}]}""";
            var mapper = new ObjectMapper();
            assertEquals(mapper.readTree(expected), mapper.readTree(request.body()));
        }
    }

    @Test
    void tellsWhyTheModelStopped() throws Exception {
        for (var reason : Map.of(
                        "stop_sequence", FinishReason.STOP,
                        "max_tokens", FinishReason.LENGTH,
                        "refusal", FinishReason.REFUSED,
                        "tool_use", FinishReason.OTHER)
                .entrySet()) {
            try (var server = new ModelServer(streams(START, delta("x"), end(reason.getKey()), STOP))) {
                assertEquals(reason.getValue(), asking(server).answer().finishReason());
            }
        }
    }

    @Test
    void anEmptyAnswerIsAnAnswer() throws Exception {
        try (var server = new ModelServer(streams(START, END, STOP))) {
            assertEquals("", asking(server).answer().text());
        }
    }

    @Test
    void doesNotWaitForTheConnectionToEnd() throws Exception {
        try (var server = new ModelServer((out, self) -> {
            head(out, 200, "text/event-stream");
            send(out, START + delta("x") + END + STOP);
            self.stall();
        })) {
            var start = System.nanoTime();
            asking(server).answer();
            assertTrue(System.nanoTime() - start < 1_500_000_000L);
            assertTrue(server.sawHangUp());
        }
    }

    @Test
    void aStreamWithoutAStopReasonIsAFailure() throws Exception {
        for (var stream : List.of(START + delta("Hel"), START + delta("Hel") + STOP)) {
            try (var server = new ModelServer(streams(stream))) {
                var asking = asking(server);
                asking.failure(ModelFailure.Failed.class);
                assertEquals("Hel", asking.heard());
                assertEquals(1, server.requests().size());
            }
        }
    }

    @Test
    void errorsInMidAnswerHaveTheirNames() throws Exception {
        try (var server = new ModelServer(streams(START, delta("Hel"), error("overloaded_error")))) {
            asking(server).failure(ModelFailure.RateLimited.class);
        }
        try (var server = new ModelServer(streams(START, delta("Hel"), error("api_error")))) {
            asking(server).failure(ModelFailure.Failed.class);
        }
    }

    @Test
    void refusalsHaveTheirNames() throws Exception {
        var body = "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"private\"}}";
        try (var server = new ModelServer(answers(529, "Retry-After: 3\r\n", body))) {
            var failure = asking(server).failure(ModelFailure.RateLimited.class);
            assertEquals(Duration.ofSeconds(3), failure.retryAfter().orElseThrow());
        }
        try (var server = new ModelServer(answers(401, "", body))) {
            asking(server).failure(ModelFailure.Failed.class);
        }
    }

    @Test
    void givesUpOnAServerThatStalls() throws Exception {
        try (var server = new ModelServer((out, self) -> {
            head(out, 200, "text/event-stream");
            send(out, START + delta("Hel"));
            self.stall();
        })) {
            var asking = asking(server);
            asking.timesOutAfter(Duration.ofMillis(800));
            assertEquals("Hel", asking.heard());
            assertTrue(server.sawHangUp());
        }
    }

    private static Asking asking(ModelServer server) {
        return new Asking("anthropic", server, Map.of());
    }

    private static String delta(String text) {
        return event(
                "content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}");
    }

    private static String end(String reason) {
        return event("message_delta", "\"delta\":{\"stop_reason\":\"" + reason + "\"},\"usage\":{\"output_tokens\":2}");
    }

    private static String error(String type) {
        return event("error", "\"error\":{\"type\":\"" + type + "\",\"message\":\"private\"}");
    }

    private static String event(String type, String rest) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + rest + "}\n\n";
    }
}
