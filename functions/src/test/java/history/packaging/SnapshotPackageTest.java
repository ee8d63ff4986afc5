package history.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import history.auth.JwksServer;
import history.auth.Tokens;
import history.fixture.Person;
import history.fixture.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done before a snapshot, and that nothing of it is in one: under Amazon's own runtime client, and under the loop. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class SnapshotPackageTest {
    private static final World WORLD = World.create();
    private static final String LIST = "history.conversation.ListConversationsHandler";
    private static final String ID = "01a2057e-f26d-7f25-9c4a-c906c0f1ec8a";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path task;

    @SuppressWarnings("NullAway.Init")
    private static DeployedZip zip;

    private final RuntimeApi api = new RuntimeApi();
    private final Map<String, String> environment = new LinkedHashMap<>(WORLD.environment());

    SnapshotPackageTest() throws IOException {
        environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
    }

    @BeforeAll
    static void unzip() throws IOException {
        zip = DeployedZip.in(task).with(ProbeHandler.class);
    }

    @AfterEach
    void closeApi() throws IOException {
        api.close();
    }

    @AfterAll
    static void close() {
        WORLD.close();
    }

    /** A work on a running function. */
    private interface Work {
        void on(Process function) throws Exception;
    }

    private void running(String handler, boolean streams, Work work) throws Exception {
        Files.deleteIfExists(DeployedZip.log(handler));
        Process function = streams ? zip.stream(handler, api, environment) : zip.start(handler, api, environment);
        try {
            work.on(function);
        } finally {
            function.destroyForcibly().waitFor();
        }
    }

    private static String log(String handler) throws IOException {
        return Files.readString(DeployedZip.log(handler));
    }

    private static long count(String of) throws Exception {
        try (var connection = WORLD.database().connect("postgres");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from " + of)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** The server notices a moment later that a client has hung up. */
    private static void awaitNoConnections() throws Exception {
        while (count("pg_stat_activity where usename = 'history_functions' and datname = current_database()") > 0) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "conversation.ListConversationsHandler, GET, /api/conversations, 200",
        "conversation.CreateConversationHandler, POST, /api/conversations, 201",
        "conversation.GetConversationHandler, GET, /api/conversations/" + ID + ", 404",
        "conversation.PatchConversationHandler, PATCH, /api/conversations/" + ID + ", 404",
        "conversation.DeleteConversationHandler, DELETE, /api/conversations/" + ID + ", 404",
        "conversation.GetMessageHandler, GET, /api/conversations/" + ID + "/messages/" + ID + ", 404",
        "conversation.DeleteMessageHandler, DELETE, /api/conversations/" + ID + "/messages/" + ID + ", 404",
        "chat.ChatHandler, POST, /api/chat, 200",
        "chat.ResumeChatHandler, GET, /api/chat/c/stream, 204",
        "chat.StopChatHandler, POST, /api/chat/c/stop, 204"
    })
    void takesEachEndpointThroughARequestOfNobodysAndChangesNothing(String name, String method, String path, int status)
            throws Exception {
        String handler = "history." + name;
        long before = count("public.conversations");
        running(handler, false, function -> {
            api.snapshot();
            assertTrue(
                    log(handler).contains("nobody's request to " + name.split("\\.", 2)[1] + ": 403"),
                    () -> "not asked for nobody");
            assertTrue(log(handler).contains("keys tried: 1"), "no key was tried");
            assertFalse(log(handler).contains(" failed: "), "something failed");
            awaitNoConnections();
            assertEquals(before, count("public.conversations"));
            api.restore();
            String body = name.startsWith("chat") ? "{\"message\":\"Hello\"}" : "{\"title\":\"Hello\"}";
            var answer = api.invoke(Events.of(method, path, WORLD.ada(), body));
            assertEquals(
                    status, new JsonMapper().readTree(answer).path("statusCode").asInt(), answer);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fetchesTheKeysAnewInEachCopy(boolean streams) throws Exception {
        var first = Tokens.es256();
        var second = Tokens.es256();
        environment.putAll(first.environment());
        environment.remove("JWT_SECRET");
        environment.remove("JWT_JWKS");
        try (var issuer = new JwksServer(first.jwks())) {
            environment.put("JWT_JWKS_URL", issuer.url().toString());
            running(LIST, streams, function -> {
                api.snapshot();
                assertTrue(log(LIST).contains("keys tried: 1"), "no key was tried");
                assertEquals(1, issuer.requests());
                issuer.publish(second.jwks());
                api.restore();
                assertTrue(list(second).contains("\"statusCode\":200"), "the new key is known");
                assertEquals(2, issuer.requests());
                assertTrue(list(first).contains("\"statusCode\":401"), "the old key is forgotten");
            });
        }
    }

    private String list(Tokens issuer) throws InterruptedException {
        var ada = WORLD.ada();
        var token = issuer.user(ada.userId()).tenant(ada.tenantId()).bearer();
        return api.invoke(Events.get("/api/conversations", new Person(ada.userId(), ada.tenantId(), token)));
    }

    @Test
    void signsForTheModel() throws Exception {
        environment.putAll(Map.of(
                "CHAT_PROVIDER", "bedrock",
                "CHAT_MODEL", "m",
                "AWS_ACCESS_KEY_ID", "ASIAEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "example",
                "AWS_SESSION_TOKEN", "example"));
        running("history.chat.ChatHandler", false, function -> {
            api.snapshot();
            assertTrue(
                    log("history.chat.ChatHandler").contains("request to a model written: true"), "nothing was signed");
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isTakenAlthoughNobodyCanBeReached(boolean streams) throws Exception {
        environment.put("DATABASE_URL", "postgresql://history_functions:x@127.0.0.1:1/x?sslmode=disable");
        environment.putAll(Tokens.es256().environment());
        environment.remove("JWT_SECRET");
        environment.remove("JWT_JWKS");
        environment.put("JWT_JWKS_URL", "http://127.0.0.1:1/keys");
        running(LIST, streams, function -> {
            api.snapshot();
            assertTrue(log(LIST).contains("keys tried failed: "), "the issuer answered");
            assertTrue(
                    log(LIST).contains("nobody's request to ListConversationsHandler: 503"), "the database answered");
            api.restore();
            assertTrue(list(Tokens.es256()).contains("\"statusCode\":503"), "it serves");
        });
    }

    @ParameterizedTest
    @CsvSource({"before, init/error, Runtime.BeforeCheckpointError", "after, restore/error, Runtime.AfterRestoreError"})
    void reportsAHookThatFailsAsTheRuntimeClientDoes(String when, String path, String type) throws Exception {
        environment.put("PROBE_FAILS", when);
        for (boolean streams : new boolean[] {false, true}) {
            running(ProbeHandler.class.getName(), streams, function -> {
                if (when.equals("after")) {
                    api.snapshot();
                    api.restore();
                }
                var said = api.said();
                assertEquals(path, said.path());
                assertEquals(type, said.header("Lambda-Runtime-Function-Error-Type"));
                assertEquals(64, function.waitFor());
            });
        }
    }
}
