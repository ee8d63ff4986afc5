package history.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.chat.model.ModelFailure;
import history.chat.model.ScriptedModel;
import history.chat.model.ScriptedModel.Script;
import history.local.Gateway;
import history.local.Template;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real {@code useChat} clients of several years, from npm, over real HTTP. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class AiSdkClientTest {
    private static final Path FOLDER = Path.of("target", "ai-sdk").toAbsolutePath();

    @BeforeAll
    static void installTheClients() throws Exception {
        if (!runs("node", "--version")) {
            System.err.println("SKIPPED: there is no Node.js here, so no AI SDK client has been tried");
            Assumptions.abort("no Node.js");
        }
        Files.createDirectories(FOLDER);
        boolean changed = copy("package.json");
        copy("client.mjs");
        if (changed || !Files.exists(FOLDER.resolve("node_modules/.package-lock.json"))) {
            var install = new ProcessBuilder(
                            "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(install.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, install.waitFor(), output);
        }
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    private static boolean copy(String name) throws IOException {
        try (var source = AiSdkClientTest.class.getResourceAsStream("ai-sdk/" + name)) {
            byte[] bytes = source.readAllBytes();
            Path target = FOLDER.resolve(name);
            boolean changed = !Files.exists(target) || !java.util.Arrays.equals(bytes, Files.readAllBytes(target));
            Files.write(target, bytes);
            return changed;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ai-5.0.80", "ai-5", "ai-6.0.0", "ai-6", "ai-7"})
    void sendsEditsRegeneratesResumesAndReloads(String client) throws Exception {
        var resumed = new CountDownLatch(1);
        var model = new ScriptedModel(
                Script.says("Hello ", "é\ud83d", "\ude00"),
                Script.says("Second answer"),
                Script.says("Another answer"),
                Script.says("Edited answer"),
                Script.says("Thi").thenFails(new ModelFailure.Failed("The model broke")),
                Script.says("Third answer"),
                Script.says("Third again"),
                Script.says("Fou").thenWaitsFor(resumed).thenSays("rth answer"),
                Script.says("Fifth answer"));
        try (var chats = Chats.with(Map.of(), model);
                var gateway = Gateway.bind(0)) {
            gateway.start(Template.read(Path.of("..", "template.yaml")), chats::handler, Map.of());
            var process = new ProcessBuilder(
                            "node",
                            "client.mjs",
                            client,
                            "http://127.0.0.1:" + gateway.port(),
                            String.valueOf(chats.ada().bearer()))
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .start();
            List<String> lines = new ArrayList<>();
            try (var output = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    lines.add(line);
                    if (line.equals("resumed")) {
                        resumed.countDown();
                    }
                }
            } finally {
                process.destroyForcibly();
            }
            assertEquals(0, process.waitFor(), String.join("\n", lines));
            assertTrue(lines.contains("done"), String.join("\n", lines));
            assertEquals(9, model.calls());
            assertEquals(
                    List.of(
                            "user: Hello there",
                            "assistant: Hello é😀 (completed)",
                            "user: Second, edited",
                            "assistant: Edited answer (completed)",
                            "user: Third",
                            "assistant: Third again (completed)",
                            "user: Fourth",
                            "assistant: Fourth answer (completed)",
                            "user: Fifth",
                            "assistant: Fifth answer (completed)"),
                    chats.rows());
        }
    }
}
