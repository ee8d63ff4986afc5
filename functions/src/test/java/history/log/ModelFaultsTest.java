package history.log;

import static history.chat.model.ModelServer.answers;
import static history.chat.model.ModelServer.head;
import static history.chat.model.ModelServer.send;
import static history.chat.model.ModelServer.streams;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.chat.model.ModelServer;
import history.fixture.Api;
import history.fixture.Call;
import history.fixture.World;
import history.text.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A model that hangs, lies or refuses: one line that leads to the cause, one honest answer, and the message is kept. */
final class ModelFaultsTest {
    private static final World WORLD = World.create();
    private static final String SAID = "words-that-the-model-said";
    private static final String KEY = "sk-that-nobody-may-read";
    private static final String WORD = "data: {\"choices\":[{\"delta\":{\"content\":\"" + SAID + "\"}}]}\n\n";
    private static final String END =
            "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private final Runbook runbook = new Runbook();
    private final Lines log = new Lines();
    private final String key = UUID.randomUUID().toString();

    @AfterAll
    static void closeWorld() {
        WORLD.close();
    }

    @BeforeEach
    void forget() throws Exception {
        WORLD.execute("delete from public.conversations");
    }

    @AfterEach
    void close() {
        log.close();
    }

    /** @param retryAfter empty for none */
    record Fault(String what, String cause, String problem, String retryAfter, ModelServer.Reply reply) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static String error(String code) {
        return "{\"error\":{\"message\":\"" + SAID + " " + KEY + "\",\"type\":\"an_error\",\"code\":\"" + code + "\"}}";
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault(
                        "never answers",
                        "the answer was not there",
                        "504 model-timed-out",
                        "",
                        (_, server) -> server.stall()),
                new Fault("stops speaking", "the answer was not there", "504 model-timed-out", "", (out, server) -> {
                    head(out, 200, "text/event-stream");
                    send(out, WORD);
                    server.stall();
                }),
                new Fault(
                        "sends a page",
                        "what answers at",
                        "502 model-failed",
                        "",
                        answers(200, "content-type: text/html\r\n", SAID)),
                new Fault(
                        "sends no JSON",
                        "the server does not speak",
                        "502 model-failed",
                        "",
                        streams(WORD, "data: {" + SAID + "\n\n")),
                new Fault(
                        "sends wrong types",
                        "the answer ended without",
                        "502 model-failed",
                        "",
                        streams(WORD, "data: {\"choices\":7,\"usage\":[],\"model\":{}}\n\ndata: 7\n\n")),
                new Fault(
                        "compresses",
                        "what answers at",
                        "502 model-failed",
                        "",
                        answers(200, "content-type: text/event-stream\r\ncontent-encoding: gzip\r\n", SAID)),
                new Fault("is not UTF-8", "the server speaks another", "502 model-failed", "", (out, _) -> {
                    head(out, 200, "text/event-stream");
                    out.write(new byte[] {'d', (byte) 0xff, '\n'});
                }),
                new Fault("says nothing", "the model ended", "502 model-failed", "", streams(END)),
                new Fault(
                        "breaks down",
                        "the provider failed",
                        "502 model-failed",
                        "",
                        answers(500, "", error("server_error"))),
                new Fault("sends half a stream", "the answer ended without", "502 model-failed", "", streams(WORD)),
                new Fault("sends half an event", "the connection ended", "502 model-failed", "", (out, _) -> {
                    send(out, "HTTP/1.1 200 x\r\ncontent-type: text/event-stream\r\ncontent-length: 9999\r\n\r\n");
                    send(out, WORD);
                }),
                new Fault(
                        "sends an error with 200",
                        "the provider sent an error",
                        "502 model-failed",
                        "",
                        streams(WORD, "data: " + error("server_error") + "\n\n")),
                new Fault(
                        "sends a limit with 200",
                        "the provider limits",
                        "429 model-rate-limited",
                        "5",
                        streams("data: " + error("rate_limit_exceeded") + "\n\n")),
                new Fault(
                        "refuses for rate",
                        "the provider limits",
                        "429 model-rate-limited",
                        "7",
                        answers(429, "retry-after: 7\r\n", error("rate_limit_exceeded"))),
                new Fault(
                        "does not know the key",
                        "the model's key",
                        "502 model-failed",
                        "",
                        answers(401, "", error("invalid_api_key"))),
                new Fault(
                        "does not know its name",
                        "the provider has no model",
                        "502 model-failed",
                        "",
                        answers(404, "", error("model_not_found"))),
                new Fault(
                        "is overloaded",
                        "the provider limits",
                        "429 model-rate-limited",
                        "5",
                        answers(503, "", error("overloaded"))));
    }

    private Call chat() {
        return Call.post("/api/chat", "{\"message\":\"words-of-a-user\"}")
                .header("Idempotency-Key", key)
                .as(WORLD.ada());
    }

    private static Api api(String url) {
        Map<String, String> environment = new LinkedHashMap<>(WORLD.environment());
        environment.putAll(Map.of(
                "CHAT_PROVIDER",
                "openai",
                "CHAT_MODEL",
                "gpt",
                "CHAT_BASE_URL",
                url,
                "CHAT_API_KEY",
                KEY,
                "CHAT_TIMEOUT_SECONDS",
                "1"));
        return new Api(environment);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void isOneLineAndOneAnswerAndTheMessageIsKept(Fault fault) throws Exception {
        try (var server = new ModelServer(fault.reply, streams(WORD, END))) {
            var api = api(server.url().toString());
            var answer = api.call(chat());
            assertEquals(
                    fault.problem,
                    answer.status() + " " + answer.json().path("type").asText().replaceFirst(".*:", ""));
            assertEquals(fault.retryAfter, answer.header("retry-after").orElse(""));
            assertTells(fault.cause, answer.status());
            WORLD.execute("""
                    do $$ begin assert (select array_agg(role || ' ' || (status in ('completed', 'failed', 'incomplete')) order by seq)
                        from public.messages where current) = '{user true,assistant true}', 'kept'; end $$""");
            assertEquals(200, api.call(chat()).status());
            WORLD.execute("""
                    do $$ begin assert (select array_agg(role || ' ' || status order by seq) from public.messages where current)
                        = '{user completed,assistant completed}', 'answered once'; end $$""");
        }
    }

    private String assertTells(String cause, int status) {
        var line = log.only();
        runbook.leads(line, cause);
        assertFalse(line.contains("words-") || line.contains(KEY), line);
        var json = Json.tree(line);
        assertEquals("WARN", json.path("level").asText(), line);
        assertEquals(status, json.path("status").asInt());
        assertEquals(1, json.path("model_failures").asInt());
        assertEquals("gpt", json.path("model").asText());
        assertFalse(json.has("answers_not_stored") || json.has("sqlstate"), line);
        return json.path("message").asText();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://127.0.0.1:1 | 127.0.0.1:1, the connection was refused; ",
                "https://127.0.0.1:%d | 127.0.0.1:%d, javax.net.ssl.SSL",
            })
    void oneThatIsNotThere(String url, String reason) throws Exception {
        try (var server = new ModelServer(answers(200, "", ""))) {
            int port = server.url().getPort();
            var answer = api(url.replace("%d", port + "") + "/v1").call(chat());
            assertEquals(502, answer.status());
            var said = assertTells("nothing answers at", 502);
            assertTrue(said.startsWith("The model could not be reached: " + reason.replace("%d", port + "")), said);
        }
    }

    /** But for those that are logged together with a status or a code, and a call that is interrupted when a function ends. */
    @Test
    void everyReasonIsInTheRunbook() throws Exception {
        var reason =
                Pattern.compile("(?s)ModelFailure\\.Failed\\((?:refused \\?\\s*)?\"([^\"]+)\"(?:\\s*: \"([^\"]+)\")?");
        var known = Set.of(
                "The model's server does not accept the configured key",
                "The model's server does not know the model or the path",
                "The model failed in the middle of its answer",
                "The call was interrupted");
        try (var files = Files.walk(Path.of("src/main/java/history/chat"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                reason.matcher(Files.readString(file))
                        .results()
                        .flatMap(it -> Stream.of(it.group(1), it.group(2)))
                        .filter(words -> words != null && !known.contains(words))
                        .forEach(words -> runbook.leads(words, ""));
            }
        }
    }

    /** The answer began with 200, and its end says that it failed. */
    @Test
    void inAStreamTheLineHasTheCauseAllTheSame() throws Exception {
        try (var server = new ModelServer(streams(WORD))) {
            var answer = api(server.url().toString()).call(chat().header("Accept", "text/event-stream"));
            assertTrue(answer.status() == 200 || answer.status() == 502, answer::body);
            assertTells("the answer ended without", answer.status());
        }
    }
}
