package history.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import history.chat.model.ModelServer;
import history.fixture.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The zip that is deployed, started through its own script, against everything that the Runtime API and its readers do. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class StreamingPackageTest {
    private static final String CHAT = "history.chat.ChatHandler";
    private static final String NULS = "\0\0\0\0\0\0\0\0";

    private final World world = World.create();
    private final RuntimeApi api = new RuntimeApi();
    private final Map<String, String> environment = new LinkedHashMap<>(world.environment());
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path task;

    StreamingPackageTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        api.close();
        world.close();
    }

    /** A work on a running function. */
    private interface Work {
        void on(Process function) throws Exception;
    }

    private void running(String handler, DeployedZip zip, Work work) throws Exception {
        Files.deleteIfExists(DeployedZip.log(handler));
        Process function = zip.stream(handler, api, environment);
        try {
            work.on(function);
        } finally {
            function.destroyForcibly().waitFor();
        }
    }

    private RuntimeApi.Said ask(String chat) throws InterruptedException {
        var event = Events.post(
                "/api/chat",
                world.ada(),
                "{\"message\":{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"Hi\"}]},\"id\":\"%s\"}"
                        .formatted(chat));
        api.offer(new RuntimeApi.Event("request-" + chat, event, null));
        return api.said();
    }

    /** A model that speaks piece by piece, and stops before the last one until the test lets it go on. */
    private ModelServer model(String... pieces) {
        return new ModelServer((out, server) -> {
            ModelServer.head(out, 200, "text/event-stream");
            for (int i = 0; i < pieces.length; i++) {
                if (i == pieces.length - 1) {
                    await(mayEnd);
                }
                ModelServer.send(
                        out, "data: {\"choices\":[{\"delta\":{\"content\":\"%s\"}}]}\n\n".formatted(pieces[i]));
            }
            ModelServer.send(
                    out, "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
        });
    }

    private void speaks(ModelServer model) {
        environment.putAll(Map.of(
                "CHAT_PROVIDER",
                "openai",
                "CHAT_MODEL",
                "m",
                "CHAT_BASE_URL",
                model.url().toString()));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private String rows() throws Exception {
        try (var connection = world.database().connect("postgres");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select string_agg(role || ' ' || status || ' ' || content, '; ' order by seq) from public.messages")) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    private void awaitRows(String wanted) throws Exception {
        while (!rows().equals(wanted)) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    @Test
    void sendsEventsAsTheyComeAbout() throws Exception {
        try (var model = model("Hel", "lo")) {
            speaks(model);
            running(CHAT, DeployedZip.in(task), function -> {
                var answer = ask("a");
                assertEquals("invocation/request-a/response", answer.path());
                assertEquals("streaming", answer.header("Lambda-Runtime-Function-Response-Mode"));
                assertEquals("chunked", answer.header("Transfer-Encoding"));
                assertEquals("application/vnd.awslambda.http-integration-response", answer.header("Content-Type"));
                String prelude = answer.chunk();
                assertTrue(prelude.endsWith("}" + NULS), prelude);
                JsonNode head = new JsonMapper().readTree(prelude.replace("\0", ""));
                assertEquals(200, head.path("statusCode").asInt());
                assertEquals(
                        "text/event-stream",
                        head.path("headers").path("content-type").asText());
                String event = answer.chunk();
                while (!event.contains("\"delta\":\"Hel\"")) {
                    event = answer.chunk();
                }
                mayEnd.countDown(); // the first word is here before the last one has been said
                var rest = answer.rest();
                assertTrue(rest.stream().anyMatch(chunk -> chunk.contains("\"delta\":\"lo\"")), rest::toString);
                assertTrue(rest.getLast().endsWith("data: [DONE]\n\n"), rest::toString);
                assertEquals(Map.of(), answer.trailers());
                assertEquals("user completed Hi; assistant completed Hello", rows());

                var second = ask("b").rest();
                assertTrue(second.getLast().endsWith("data: [DONE]\n\n"), second::toString);
            });
        }
    }

    @Test
    void keepsTheConnectionAliveWhileTheModelIsSilent() throws Exception {
        try (var model = model("Hel", "lo")) {
            speaks(model);
            running(CHAT, DeployedZip.in(task), function -> {
                var answer = ask("a");
                while (!answer.chunk().equals(": keep-alive\n\n")) {
                    // what was said before the silence
                }
                mayEnd.countDown();
                assertTrue(answer.rest().getLast().endsWith("data: [DONE]\n\n"));
            });
        }
    }

    @Test
    void losesNothingToASlowReader() throws Exception {
        String[] pieces = new String[400];
        Arrays.fill(pieces, "x".repeat(2_000));
        mayEnd.countDown();
        api.reader(chunk -> LockSupport.parkNanos(chunk < 40 ? 50_000_000 : 0));
        try (var model = model(pieces)) {
            speaks(model);
            running(CHAT, DeployedZip.in(task), function -> {
                String text = String.join("", ask("a").rest());
                assertEquals(400, text.split("x{2000}", -1).length - 1);
            });
        }
    }

    @Test
    void goesOnWhenTheReaderHangsUp() throws Exception {
        api.reader(chunk -> {
            if (chunk == 2) {
                throw new IOException("cut");
            }
        });
        try (var model = model("Hel", "lo")) {
            speaks(model);
            running(CHAT, DeployedZip.in(task), function -> {
                var answer = ask("a");
                answer.chunk();
                answer.chunk();
                mayEnd.countDown();
                awaitRows("user completed Hi; assistant completed Hello");
                api.reader(chunk -> {});
                assertTrue(ask("b").rest().getLast().endsWith("data: [DONE]\n\n"));
            });
        }
    }

    @Test
    void reportsAnErrorBeforeTheFirstByteInPlaceOfAnAnswer() throws Exception {
        var zip = DeployedZip.in(task).without("history/chat/dialect/NativeDialect.class");
        running(CHAT, zip, function -> {
            String event = Events.post("/api/chat", world.ada(), "{\"message\":\"Hi\"}");
            api.offer(new RuntimeApi.Event("request-a", event, null));
            var said = api.said();
            assertEquals("invocation/request-a/error", said.path());
            assertEquals("java.lang.NoClassDefFoundError", said.header("Lambda-Runtime-Function-Error-Type"));
            assertEquals(
                    List.of("{\"errorMessage\":\"see the log of request request-a\","
                            + "\"errorType\":\"java.lang.NoClassDefFoundError\"}"),
                    said.rest());
            api.offer(new RuntimeApi.Event("request-b", Events.get("/api/chat", world.ada()), null));
            String next = String.join("", api.said().rest());
            assertTrue(next.startsWith("{\"statusCode\":405,"), next);
        });
    }

    @Test
    void tellsTheClientAndLambdaOfAnErrorInMidStream() throws Exception {
        var zip = DeployedZip.in(task).without("history/chat/turn/Ending.class");
        running(CHAT, zip, function -> {
            var answer = ask("a");
            String text = String.join("", answer.rest());
            assertTrue(text.matches("(?s).*data: \\{\"type\":\"error\",\"errorText\":\"[^\"]+\"}\n\n.*"), text);
            assertEquals("java.lang.NoClassDefFoundError", answer.trailers().get("lambda-runtime-function-error-type"));
            var error = Base64.getDecoder().decode(answer.trailers().get("lambda-runtime-function-error-body"));
            assertEquals(
                    "see the log of request request-a",
                    new JsonMapper().readTree(error).path("errorMessage").asText());
            assertTrue(
                    Files.readString(DeployedZip.log(CHAT)).contains("request request-a: java.lang.NoClass"),
                    "the log tells it");
            assertEquals("streaming", ask("b").header("Lambda-Runtime-Function-Response-Mode"));
        });
    }

    @Test
    void namesWhatIsWrongWithTheConfiguration() throws Exception {
        environment.remove("DATABASE_URL");
        running(CHAT, DeployedZip.in(task), function -> {
            var said = api.said();
            assertEquals("init/error", said.path());
            assertEquals("Runtime.BadFunctionCode", said.header("Lambda-Runtime-Function-Error-Type"));
            assertTrue(String.join("", said.rest()).contains("DATABASE_URL is required"));
            assertEquals(1, function.waitFor());
        });
    }

    @Test
    void goesOnWhenAResponseIsRefusedAndEndsWhenTheRuntimeApiFails() throws Exception {
        running(CHAT, DeployedZip.in(task), function -> {
            api.status(413);
            assertTrue(ask("a").rest().getLast().endsWith("data: [DONE]\n\n"));
            api.status(500);
            assertTrue(ask("b").rest().getLast().endsWith("data: [DONE]\n\n"));
            assertEquals(1, function.waitFor());
            var log = Files.readAllLines(DeployedZip.log(CHAT));
            assertTrue(log.stream().allMatch(line -> line.startsWith("{\"timestamp\":")), log::toString);
            assertTrue(
                    log.getLast().contains("java.io.IOException: the Runtime API answered 500\\n\\tat "),
                    log::toString);
        });
    }

    @Test
    void reportsThatMemoryIsShortAndEnds() throws Exception {
        environment.put("PROBE_FAILS", "request");
        running(ProbeHandler.class.getName(), DeployedZip.in(task).with(ProbeHandler.class), function -> {
            api.offer(new RuntimeApi.Event("request-a", Events.get("/probe", world.ada()), null));
            var said = api.said();
            assertEquals("invocation/request-a/error", said.path());
            assertEquals("java.lang.OutOfMemoryError", said.header("Lambda-Runtime-Function-Error-Type"));
            assertEquals(1, function.waitFor());
        });
    }

    @Test
    void keepsTheRuntimesOptionsAndTellsTheHandlerWhatLambdaTold() throws Exception {
        var zip = DeployedZip.in(task).with(ProbeHandler.class);
        String event = Events.get("/probe", world.ada());
        running(ProbeHandler.class.getName(), zip, function -> {
            api.offer(new RuntimeApi.Event("request-a", event, "Root=1-5759e988"));
            var traced = String.join("", api.said().rest());
            assertTrue(traced.contains("trace Root=1-5759e988\n"), traced);
            assertTrue(traced.contains("request request-a\n"), traced);
            assertTrue(traced.contains("in time true\n"), traced);
            assertTrue(traced.contains("negative ttl 1\n"), traced);
            assertTrue(
                    traced.contains("[-XX:MaxHeapSize=445645k, -XX:+UseSerialGC, -Xshare:on, -XX:+TieredCompilation,"
                            + " -XX:TieredStopAtLevel=1, --add-opens=java.base/java.io=ALL-UNNAMED,"
                            + " -Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac,"
                            + " -Djava.net.preferIPv4Stack=true, -XX:+ErrorFileToStderr]"),
                    traced);
            api.offer(new RuntimeApi.Event("request-b", event, null));
            var untraced = String.join("", api.said().rest());
            assertTrue(untraced.contains("trace null\n"), untraced);
            assertFalse(untraced.contains("interrupted true"), untraced);
        });
    }

    @Test
    void answersWhatIsNoStreamInTheSameForm() throws Exception {
        running("history.conversation.ListConversationsHandler", DeployedZip.in(task), function -> {
            api.offer(new RuntimeApi.Event("request-a", Events.get("/api/conversations", world.ada()), null));
            var chunks = api.said().rest();
            assertEquals(2, chunks.size(), chunks::toString);
            assertTrue(chunks.getFirst().endsWith(NULS));
            assertEquals("[]", chunks.getLast());
        });
    }
}
