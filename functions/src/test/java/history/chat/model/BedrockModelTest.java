package history.chat.model;

import static history.chat.model.ModelServer.answers;
import static history.chat.model.ModelServer.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import history.aws.SecretsManager;
import history.aws.SignatureV4;
import history.chat.model.Completion.FinishReason;
import history.chat.model.Completion.TokenUsage;
import history.chat.model.ModelServer.Reply;
import history.fixture.Configured;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

class BedrockModelTest {
    private static final String MODEL = "eu.anthropic.claude-v1:0";
    private static final Map<String, String> KEYS = Map.of(
            "CHAT_API_KEY", "",
            "CHAT_MODEL", MODEL,
            "AWS_REGION", "eu-central-1",
            "AWS_ACCESS_KEY_ID", "ASIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY", "secret/of+the=role",
            "AWS_SESSION_TOKEN", "token-of-the-session");
    private static final byte[] START = event("messageStart", "{\"role\":\"assistant\"}");
    private static final byte[] USAGE =
            event("metadata", "{\"usage\":{\"inputTokens\":7,\"outputTokens\":2,\"totalTokens\":9}}");

    @Test
    void answersWithTextUsageAndModel() throws Exception {
        try (var server = new ModelServer(streams(START, delta("Hel"), delta("lo"), end("end_turn"), USAGE))) {
            var asking = new Asking("bedrock", server, KEYS);
            assertEquals(new Completion("Hello", FinishReason.STOP, new TokenUsage(7, 2), MODEL), asking.answer());
            assertEquals(List.of("Hel", "lo"), asking.deltas);
        }
    }

    @Test
    void signsTheRequestWithTheRoleOfTheFunction() throws Exception {
        try (var server = new ModelServer(streams(end("end_turn"), USAGE))) {
            new Asking("bedrock", server, KEYS).answer();
            var request = server.requests().getFirst();
            assertEquals("/v1/model/eu.anthropic.claude-v1%3A0/converse-stream", request.target());
            assertEquals("token-of-the-session", request.headers().get("x-amz-security-token"));
            assertSigned(request, "ASIAEXAMPLE", "secret/of+the=role");
        }
    }

    @Test
    void signsWhateverIsInTheNameOfAModelAndInAMessage() throws Exception {
        try (var server = new ModelServer(streams(end("end_turn"), USAGE))) {
            var model = "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.claude v1~é";
            var messages = List.of(ChatMessage.user("ä 👋🏽 \"\\ \n"));
            new Asking("bedrock", server, KEYS)
                    .answer(new Prompt(null, messages, model, null, 4096, Duration.ofSeconds(20)));
            assertSigned(server.requests().getFirst(), "ASIAEXAMPLE", "secret/of+the=role");
        }
    }

    @Test
    void borrowsTheKeysOfASnapshotOnceUntilTheyExpire() throws Exception {
        var lasting = keys("ASIAFIRST", Instant.now().plusSeconds(3600));
        var expiring = keys("ASIASECOND", Instant.now().plusSeconds(60));
        var stream = streams(end("end_turn"), USAGE);
        try (var role = new ModelServer(expiring, lasting);
                var server = new ModelServer(stream)) {
            var environment = new HashMap<>(KEYS);
            environment.put("AWS_ACCESS_KEY_ID", "");
            environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", role.url() + "/credentials");
            environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", "token-of-the-container");
            var asking = new Asking("bedrock", server, environment);
            asking.answer();
            asking.answer();
            asking.answer();
            assertEquals(2, role.requests().size());
            assertEquals("GET", role.requests().getFirst().method());
            assertEquals(
                    "token-of-the-container",
                    role.requests().getFirst().headers().get("authorization"));
            assertSigned(server.requests().get(0), "ASIASECOND", "borrowed");
            assertSigned(server.requests().get(2), "ASIAFIRST", "borrowed");
        }
    }

    @Test
    void aRoleWithoutKeysIsAFailureAndNoCall() throws Exception {
        for (var reply : List.of(
                answers(500, "", "private"),
                answers(200, "", "private"),
                answers(200, "", "{\"AccessKeyId\":\"a\"}"),
                answers(200, "", "{\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"b\",\"Expiration\":\"never\"}"))) {
            try (var role = new ModelServer(reply);
                    var server = new ModelServer(streams())) {
                var environment = new HashMap<>(KEYS);
                environment.put("AWS_ACCESS_KEY_ID", "");
                environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", role.url().toString());
                new Asking("bedrock", server, environment).failure(ModelFailure.Failed.class);
                assertEquals(List.of(), server.requests());
            }
        }
    }

    @Test
    void aKeyOfBedrockIsSentAsItIs() throws Exception {
        try (var server = new ModelServer(streams(end("end_turn"), USAGE))) {
            new Asking("bedrock", server, Map.of("AWS_REGION", "eu-central-1")).answer();
            var headers = server.requests().getFirst().headers();
            assertEquals("Bearer " + Asking.KEY, headers.get("authorization"));
            assertNull(headers.get("x-amz-date"));
        }
    }

    @Test
    void aKeyInASecretIsReadWhenItIsNeededAndNotForEveryAnswer() throws Exception {
        var arn = SecretsManager.arn("bedrock");
        try (var aws = new SecretsManager();
                var server = new ModelServer(streams(end("end_turn"), USAGE))) {
            var environment = new HashMap<>(aws.container());
            environment.put("CHAT_API_KEY", arn);
            var asking = new Asking("bedrock", server, environment);
            assertEquals(0, aws.reads());
            asking.failure(ModelFailure.Failed.class);
            assertEquals(List.of(), server.requests());
            aws.put(arn, "{\"CHAT_API_KEY\":\"kept\"}");
            asking.answer();
            asking.answer();
            assertEquals(2, aws.reads());
            assertEquals("Bearer kept", server.requests().getLast().headers().get("authorization"));
        }
    }

    @Test
    void sendsWhatTheProtocolAsksFor() throws Exception {
        try (var server = new ModelServer(streams(end("end_turn"), USAGE))) {
            var history = List.of(
                    ChatMessage.user("One"),
                    ChatMessage.user("Two"),
                    new ChatMessage(ChatMessage.Role.ASSISTANT, "Yes?"),
                    ChatMessage.user("Three"));
            new Asking("bedrock", server, KEYS)
                    .answer(new Prompt("Be brief.", history, MODEL, 0.5, 9, Duration.ofSeconds(20)));
            var expected = """
                    {"messages":[{"role":"user","content":[{"text":"One\\n\\nTwo"}]},
                    {"role":"assistant","content":[{"text":"Yes?"}]},{"role":"user","content":[{"text":"Three"}]}],
                    "system":[{"text":"Be brief."}],"inferenceConfig":{"maxTokens":9,"temperature":0.5}}""";
            var mapper = new ObjectMapper();
            assertEquals(
                    mapper.readTree(expected),
                    mapper.readTree(server.requests().getFirst().body()));
        }
    }

    @Test
    void readsMessagesThatTheNetworkCutsAnywhere() throws Exception {
        var bytes = join(START, delta("ä👋🏽"), end("end_turn"), USAGE);
        try (var server = new ModelServer((out, self) -> {
            head(out, 200, "application/vnd.amazon.eventstream");
            for (var one : bytes) {
                out.write(one);
                out.flush();
            }
        })) {
            assertEquals("ä👋🏽", new Asking("bedrock", server, KEYS).answer().text());
        }
    }

    @Test
    void takesFiveMegabytes() throws Exception {
        var piece = delta("x".repeat(50_000));
        try (var server = new ModelServer((out, self) -> {
            head(out, 200, "application/vnd.amazon.eventstream");
            for (var i = 0; i < 100; i++) {
                out.write(piece);
            }
            out.write(join(end("end_turn"), USAGE));
        })) {
            assertEquals(
                    5_000_000,
                    new Asking("bedrock", server, KEYS).answer().text().length());
        }
    }

    @Test
    void tellsWhyTheModelStopped() throws Exception {
        for (var reason : Map.of(
                        "stop_sequence", FinishReason.STOP,
                        "max_tokens", FinishReason.LENGTH,
                        "guardrail_intervened", FinishReason.REFUSED,
                        "tool_use", FinishReason.OTHER)
                .entrySet()) {
            try (var server = new ModelServer(streams(delta("x"), end(reason.getKey())))) {
                var completion = new Asking("bedrock", server, KEYS).answer();
                assertEquals(reason.getValue(), completion.finishReason());
                assertNull(completion.usage());
            }
        }
    }

    @Test
    void whatBreaksOffIsAFailure() throws Exception {
        var broken = join(START, delta("Hel"), delta("lo"));
        var damaged = delta("x");
        damaged[damaged.length - 6] ^= 1;
        var endless = delta("x");
        endless[0] = 0x7f;
        for (var stream : List.of(
                join(START, delta("Hel")),
                Arrays.copyOf(broken, broken.length - 3),
                join(delta("Hel"), damaged),
                join(delta("Hel"), endless),
                join(delta("Hel"), "<html>private</html>".getBytes(StandardCharsets.UTF_8)),
                join(delta("Hel"), event("contentBlockDelta", "not json private")))) {
            try (var server = new ModelServer(streams(stream))) {
                var asking = new Asking("bedrock", server, KEYS);
                asking.failure(ModelFailure.Failed.class);
                assertEquals("Hel", asking.heard());
                assertEquals(1, server.requests().size());
            }
        }
    }

    @Test
    void exceptionsInMidAnswerHaveTheirNames() throws Exception {
        for (var type : Map.of(
                        "throttlingException", ModelFailure.RateLimited.class,
                        "serviceUnavailableException", ModelFailure.RateLimited.class,
                        "modelStreamErrorException", ModelFailure.Failed.class,
                        "validationException", ModelFailure.Failed.class)
                .entrySet()) {
            var exception = message(
                    Map.of(":message-type", "exception", ":exception-type", type.getKey()),
                    "{\"message\":\"private\"}");
            try (var server = new ModelServer(streams(delta("Hel"), exception))) {
                new Asking("bedrock", server, KEYS).failure(type.getValue());
            }
        }
    }

    @Test
    void refusalsHaveTheirNames() throws Exception {
        try (var server = new ModelServer(answers(429, "x-amzn-ErrorType: ThrottlingException\r\n", "{}"))) {
            new Asking("bedrock", server, KEYS).failure(ModelFailure.RateLimited.class);
        }
        for (var status : List.of(400, 403, 404, 408, 424, 500)) {
            try (var server = new ModelServer(answers(status, "", "{\"message\":\"private\"}"))) {
                new Asking("bedrock", server, KEYS).failure(ModelFailure.Failed.class);
                assertEquals(1, server.requests().size());
            }
        }
    }

    @Test
    void givesUpOnAServerThatStallsAndOnARoleThatDoes() throws Exception {
        Reply half = (out, self) -> {
            head(out, 200, "application/vnd.amazon.eventstream");
            out.write(delta("Hel"));
            out.flush();
            self.stall();
        };
        try (var server = new ModelServer(half)) {
            var asking = new Asking("bedrock", server, KEYS);
            asking.timesOutAfter(Duration.ofSeconds(1));
            assertEquals("Hel", asking.heard());
            assertTrue(server.sawHangUp());
        }
        try (var role = new ModelServer((out, self) -> self.stall());
                var server = new ModelServer(half)) {
            var environment = new HashMap<>(KEYS);
            environment.put("AWS_ACCESS_KEY_ID", "");
            environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", role.url().toString());
            new Asking("bedrock", server, environment).timesOutAfter(Duration.ofMillis(500));
            assertTrue(role.sawHangUp());
        }
    }

    @Test
    void namesTheVariableThatIsMissing() {
        var environment = Map.of("CHAT_PROVIDER", "bedrock", "CHAT_MODEL", MODEL);
        var message = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> Configured.read(environment, Asking::model))
                        .getMessage());
        assertTrue(message.contains("AWS_REGION"), message);
        assertTrue(message.contains("AWS_CONTAINER_CREDENTIALS_FULL_URI"), message);
    }

    private static void assertSigned(ModelServer.Request request, String id, String secret) throws Exception {
        var header = String.valueOf(request.headers().get("authorization"));
        assertTrue(header.matches(".*SignedHeaders=[a-z0-9;-]*host;[a-z0-9;-]*x-amz-date.*"), header);
        assertEquals(
                new SignatureV4(id, secret, "eu-central-1", "bedrock")
                        .authorization(request.method(), request.target(), request.headers(), request.body()),
                header);
    }

    private static Reply keys(String id, Instant expiration) {
        return answers(
                200,
                "content-type: application/json\r\n",
                "{\"AccessKeyId\":\"" + id + "\",\"SecretAccessKey\":\"borrowed\",\"Token\":\"token\",\"Expiration\":\""
                        + expiration + "\"}");
    }

    private static Reply streams(byte[]... messages) {
        return (out, server) -> {
            head(out, 200, "application/vnd.amazon.eventstream");
            out.write(join(messages));
        };
    }

    private static byte[] delta(String text) {
        return event("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"" + text + "\"}}");
    }

    private static byte[] end(String reason) {
        return event("messageStop", "{\"stopReason\":\"" + reason + "\"}");
    }

    private static byte[] event(String type, String payload) {
        return message(
                Map.of(":message-type", "event", ":event-type", type, ":content-type", "application/json"), payload);
    }

    private static byte[] message(Map<String, String> headers, String payload) {
        var values = new HashMap<String, HeaderValue>();
        headers.forEach((name, value) -> values.put(name, HeaderValue.fromString(value)));
        var buffer = new Message(values, payload.getBytes(StandardCharsets.UTF_8)).toByteBuffer();
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
