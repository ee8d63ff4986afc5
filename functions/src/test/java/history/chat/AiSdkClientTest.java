package history.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import history.chat.model.ModelFailure;
import history.chat.model.ScriptedModel;
import history.chat.model.ScriptedModel.Script;
import history.local.Gateway;
import history.local.Template;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real {@code useChat} clients of several years, from npm, over real HTTP. */
@Tag("clients")
class AiSdkClientTest {
    private static Npm npm;

    @BeforeAll
    static void installTheClients() throws Exception {
        npm = Npm.install("ai-sdk", "package.json", "client.mjs", "proxy.mjs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ai-5.0.80", "ai-5", "ai-6.0.0", "ai-6", "ai-7"})
    void sendsEditsRegeneratesStopsResumesAndReloads(String client) throws Exception {
        converse(client, api -> api);
    }

    /** A proxy that held an event back would never let the client get to the step that the model waits for. */
    @Test
    void doesTheSameBehindAProxyThatCompresses() throws Exception {
        var proxies = new ArrayList<Process>();
        try {
            converse("ai-7", api -> {
                proxies.add(npm.start("node", "proxy.mjs", api));
                return proxies.getFirst().inputReader().readLine();
            });
        } finally {
            proxies.forEach(Process::destroyForcibly);
        }
    }

    private interface Front {
        String of(String api) throws IOException;
    }

    private static void converse(String client, Front front) throws Exception {
        var resumed = new CountDownLatch(1);
        var continued = new CountDownLatch(1);
        var model = new ScriptedModel(
                Script.says("Hello ", "é\ud83d", "\ude00"),
                Script.says("Second answer"),
                Script.says("Another answer"),
                Script.says("Edited answer"),
                Script.says("Thi").thenFails(new ModelFailure.Failed("The model broke")),
                Script.says("Third answer"),
                Script.says("Third again"),
                Script.says("Fou").thenWaitsFor(resumed).thenSays("rth answer"),
                Script.says("Fifth answer"),
                Script.says("First"),
                Script.says("Both"),
                Script.says("After the cut"),
                Script.says("Anew"),
                Script.says("Edited"),
                Script.says("Nice"),
                Script.says("Lon").thenWaitsFor(new CountDownLatch(1)),
                Script.says("Let me see"),
                Script.says("Noon"),
                Script.says("O").thenWaitsFor(continued).thenSays("ne"));
        try (var chats = Chats.with(Map.of(), model);
                var gateway = Gateway.bind(0)) {
            gateway.start(Template.read(Path.of("..", "template.yaml")), chats::handler, Map.of());
            npm.check(
                    Map.of(),
                    line -> {
                        switch (line) {
                            case "resumed" -> resumed.countDown();
                            case "resumed c2" -> continued.countDown();
                            case "calls c1", "calls c2" -> call(chats, line.substring("calls ".length()));
                            default -> {}
                        }
                    },
                    "node",
                    "client.mjs",
                    client,
                    front.of("http://127.0.0.1:" + gateway.port()),
                    String.valueOf(chats.ada().bearer()));
            assertEquals(19, model.calls());
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
                    chats.query(
                            "select m.role || ': ' || m.content || coalesce(' (' || (m.metadata ->> 'status') || ')', '')"
                                    + " from messages m join conversations c on c.id = m.conversation_id"
                                    + " where m.current and c.title = 'Hello there' order by m.seq"));
        }
    }

    /** No model calls a tool here: a service adds the call to the last answer. */
    private static void call(Chats chats, String id) {
        chats.query("""
                with called as (
                    update messages set parts = coalesce(parts, jsonb_build_array(jsonb_build_object('type', 'text', 'text', content)))
                        || jsonb_build_array(jsonb_build_object(
                            'type', 'tool-time', 'toolCallId', '%s', 'state', 'input-available', 'input', '{}'::jsonb))
                    where current and reply_to = (select m.id from messages m where m.content = 'When?')
                    returning 1)
                select count(*) from called""".formatted(id));
    }
}
