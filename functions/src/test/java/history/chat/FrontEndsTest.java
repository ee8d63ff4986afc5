package history.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.chat.model.ChatMessage;
import history.chat.model.ModelFailure;
import history.chat.model.ScriptedModel;
import history.chat.model.ScriptedModel.Script;
import history.local.Gateway;
import history.local.Template;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code in docs/front-ends.md, taken out of it, compiled and run against the API with the real packages, over real HTTP. */
@Tag("clients")
class FrontEndsTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern BLOCK =
            Pattern.compile("^```\\w+ (\\S+)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    private static Npm npm;

    @BeforeAll
    static void takesTheCodeOutOfThePage() throws Exception {
        npm = Npm.install(
                "front-ends",
                "package.json",
                "tsconfig.json",
                "session.ts",
                "page.ts",
                "check-fetch.ts",
                "check-chat.tsx",
                "check-assistant.tsx");
        var names = new ArrayList<String>();
        for (var block = BLOCK.matcher(Files.readString(DOCS.resolve("front-ends.md"))); block.find(); ) {
            names.add(block.group(1));
            Files.writeString(npm.folder().resolve(block.group(1)), block.group(2));
        }
        assertEquals(
                List.of(
                        "types.sh",
                        "call.ts",
                        "conversations.ts",
                        "send.ts",
                        "Chat.tsx",
                        "assistant.tsx",
                        "first.ts",
                        "cors.sh"),
                names);
        Files.createDirectories(npm.folder().resolve("docs"));
        Files.write(npm.folder().resolve("docs/openapi.yaml"), Files.readAllBytes(DOCS.resolve("openapi.yaml")));
        run("sh", "types.sh");
        run("node_modules/.bin/tsc");
    }

    private static void run(String... command) throws Exception {
        var process = npm.start(command);
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }

    @Test
    void plainFetchListsCreatesSendsAndReadsAsTheAnswerIsWritten() throws Exception {
        var streaming = new CountDownLatch(1);
        var model = new ScriptedModel(
                Script.says("Hel").thenWaitsFor(streaming).thenSays("lo, Ada"), Script.says("Second"));
        check("check-fetch.ts", model, "streaming", streaming);
    }

    /** @param version of {@code ai}, in the name under which it and its React are installed; 7 is what the rest uses */
    @ParameterizedTest
    @ValueSource(strings = {"-5", "-6", ""})
    void useChatSendsTheLastMessageEditsRegeneratesRetriesStopsAndResumes(String version) throws Exception {
        var resumed = new CountDownLatch(1);
        var model = new ScriptedModel(
                Script.says("First"),
                Script.says("Second"),
                Script.says("First again"),
                Script.says("Edited"),
                Script.says("Bro").thenFails(new ModelFailure.Failed("The model broke")),
                Script.says("Mended"),
                Script.says("Arrived"),
                Script.says("Lon").thenWaitsFor(new CountDownLatch(1)),
                Script.says("Half").thenWaitsFor(resumed).thenSays(" and whole"));
        var packages = version.isEmpty()
                ? new String[0]
                : new String[] {"--alias:ai=ai" + version, "--alias:@ai-sdk/react=ai-react" + version};
        check("check-chat.tsx", model, "resumed", resumed, packages);
        assertEquals(List.of("One", "First", "Two"), prompt(model, 1));
        assertEquals(List.of("One"), prompt(model, 2));
        assertEquals(List.of("One, edited"), prompt(model, 3));
        assertEquals(List.of("One, edited", "Edited", "Breaks"), prompt(model, 5));
    }

    @Test
    void assistantUiShowsWhatIsStoredAndWhatTheModelIsShown() throws Exception {
        var model = new ScriptedModel(
                Script.says("First"),
                Script.says("Second"),
                Script.says("Third"),
                Script.says("Second, edited"),
                Script.says("First again"),
                Script.says("Edited"),
                Script.says("Gone on"),
                Script.says("Reloaded"),
                Script.says("Bro").thenFails(new ModelFailure.Failed("The model broke")),
                Script.says("Mended"),
                Script.says("Lon").thenWaitsFor(new CountDownLatch(1)),
                Script.says("After a stop"),
                Script.says("Seen"),
                Script.says("Seen again"));
        check("check-assistant.tsx", model, "", new CountDownLatch(1));
        assertEquals(List.of("One", "First", "Two", "Second", "Three"), prompt(model, 2));
        assertEquals(List.of("One", "First", "Two, edited"), prompt(model, 3));
        assertEquals(List.of("One"), prompt(model, 4));
        assertEquals(List.of("One, edited"), prompt(model, 5));
        assertEquals(List.of("One, edited", "Edited", "Go on"), prompt(model, 6));
        assertEquals(List.of("After a reload"), prompt(model, 7));
    }

    @Test
    void aPageOfAnotherOriginMaySend() throws Exception {
        try (var gateway = Gateway.bind(0)) {
            gateway.start(Template.read(Path.of("..", "template.yaml")), name -> (in, out, context) -> {}, Map.of());
            var curl = npm.start(Map.of("API", "http://127.0.0.1:" + gateway.port()), "sh", "cors.sh");
            var answer =
                    new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
            assertEquals(0, curl.waitFor(), answer);
            assertTrue(answer.contains("access-control-allow-origin: *"), answer);
            assertTrue(answer.contains("idempotency-key"), answer);
        }
    }

    private static List<String> prompt(ScriptedModel model, int call) {
        return model.prompts().get(call).messages().stream()
                .map(ChatMessage::content)
                .toList();
    }

    /** Runs a check to its end; the latch opens when it has reached the step. */
    private static void check(String script, ScriptedModel model, String step, CountDownLatch latch, String... packages)
            throws Exception {
        run(Stream.concat(
                        Stream.of(
                                "node_modules/.bin/esbuild",
                                script,
                                "--bundle",
                                "--format=esm",
                                "--platform=node",
                                "--packages=external",
                                "--jsx=automatic",
                                "--outfile=check.mjs"),
                        Stream.of(packages))
                .toArray(String[]::new));
        try (var chats = Chats.with(Map.of(), model);
                var gateway = Gateway.bind(0)) {
            gateway.start(Template.read(Path.of("..", "template.yaml")), chats::handler, Map.of());
            npm.check(
                    Map.of(
                            "API",
                            "http://127.0.0.1:" + gateway.port(),
                            "TOKEN",
                            String.valueOf(chats.ada().bearer()).substring("Bearer ".length())),
                    line -> {
                        if (line.equals(step)) {
                            latch.countDown();
                        }
                    },
                    "node",
                    "check.mjs");
        }
    }
}
