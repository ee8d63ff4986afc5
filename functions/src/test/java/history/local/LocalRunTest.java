package history.local;

import static history.local.Client.header;
import static history.local.Client.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Starts what {@code ./mvnw -Plocal} starts, as a process of its own where it matters. */
@Timeout(120)
final class LocalRunTest {
    private static final Path TEMPLATE = Path.of("../template.yaml");

    @TempDir
    private Path folder;

    @Test
    void keepsAConversationOverEveryKindOfStop() throws Exception {
        Client ada;
        String path;
        var elsewhere = Map.of("DATABASE_URL", "postgresql://owner:secret@127.0.0.1:1/staging");
        try (var run = LocalProcess.start(with(elsewhere)).awaitReady()) {
            assertEquals(
                    List.of(
                            "DATABASE_URL is not used here: the local run takes LOCAL_DATABASE_URL.",
                            "Making a PostgreSQL in %s, which stays until you delete it."
                                    .formatted(folder.resolve("postgres")),
                            "",
                            "Ready: " + run.client().url()),
                    run.said());
            ada = run.client().login(Client.ADA);
            var answer = json(ada.send(ada.post("/api/chat", "{\"message\":\"Hello\"}")), 200);
            path = "/api/conversations/" + answer.path("conversation_id").asText();
            assertTrue(answer.at("/message/content").asText().startsWith("You said: Hello"), answer.toString());
            refusesAStrangersPage(run.client());
            servesThePageAndNothingBesideIt(run.client());
            saysInOneLineThatTheFolderIsInUse();
        }
        assertFalse(Files.exists(folder.resolve("postgres/postmaster.pid")), "PostgreSQL was left behind");

        try (var killed = start()) {
            var again = "{\"message\":\"Again\",\"conversation_id\":\"%s\"}".formatted(path.replaceFirst(".*/", ""));
            var client = killed.client().as(ada);
            json(client.send(client.post("/api/chat", again)), 200);
            killed.kill();
        }

        try (var server = PostgresServer.startIn(folder.resolve("postgres"), PostgresVersion.V18, 0)) {
            // As earlier versions left it.
            new PostgresDatabase(server, "postgres").execute("drop schema local_run cascade");
        }

        try (var run = start()) {
            run.client().login(Client.ADA);
            var client = run.client().as(ada);
            var messages = json(client.send(client.get(path)), 200).path("messages");
            var said = messages.valueStream()
                    .filter(message -> message.path("role").asText().equals("user"))
                    .map(message -> message.path("content").asText())
                    .toList();
            assertEquals(List.of("Hello", "Again"), said);
        }
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("signing-key.json"))));
    }

    private static void refusesAStrangersPage(Client client) throws Exception {
        var path = "/local/token";
        var refused = client.send(client.post(path, Client.ADA).header("Origin", "https://evil.example.com"));
        var page = client.send(client.post(path, Client.ADA).header("Origin", "http://localhost:5173"));

        assertEquals(403, refused.statusCode());
        assertEquals("", header(refused, "access-control-allow-origin"));
        assertEquals(200, page.statusCode());
        assertEquals("http://localhost:5173", header(page, "access-control-allow-origin"));
        assertEquals(400, client.send(client.post(path, "{")).statusCode());
        assertEquals(422, client.send(client.post(path, "[]")).statusCode());
        assertEquals(422, client.send(client.post(path, "{\"role\":\"owner\"}")).statusCode());
        assertEquals(422, client.send(client.post(path, "{\"name\":\"Ada\"}")).statusCode());
        for (var email : List.of("a\\u0000@example.com", "a\\ud800@example.com")) {
            var answer = client.send(client.post(path, "{\"email\":\"%s\"}".formatted(email)));
            assertEquals(422, answer.statusCode(), email);
            assertTrue(answer.body().contains("email must be like"), answer.body());
        }
        for (var longer : List.of(path + "XYZ", path + "/")) {
            assertEquals(404, client.send(client.post(longer, Client.ADA)).statusCode(), longer);
        }
        assertEquals(405, client.send(client.get(path)).statusCode());
    }

    private static void servesThePageAndNothingBesideIt(Client client) throws Exception {
        var page = client.send(client.get("/"));
        assertEquals(200, page.statusCode());
        assertTrue(header(page, "content-security-policy").startsWith("default-src 'none'; script-src 'self';"));
        for (var path : List.of("/page/main.js", "/page/ground.css", "/page/lib/marked.js", "/page/lib/purify.js")) {
            assertEquals(200, client.send(client.get(path)).statusCode(), path);
        }
        assertEquals(404, client.send(client.get("/page/index.html")).statusCode());
        assertEquals(404, client.send(client.get("/page/..%2Fold_sessions.sql")).statusCode());
        assertEquals(405, client.send(client.post("/", "{}")).statusCode());
    }

    private void saysInOneLineThatTheFolderIsInUse() throws Exception {
        try (var run = LocalProcess.start(with(Map.of()))) {
            var ending = run.awaitEnd();
            assertEquals(1, ending.lines().size(), ending.toString());
            assertTrue(ending.lines().getFirst().contains("is in use"), ending.toString());
            assertEquals(1, ending.code());
        }
    }

    @Test
    void usesAnotherServerAndLeavesTheRolesPasswordAlone() throws Exception {
        var data = folder.resolve("other");
        try (var server = PostgresServer.startIn(data, PostgresVersion.V18, 0)) {
            var owner = server.url("postgres", PostgresServer.SUPERUSER);
            requirePasswords(data, server);
            try (var run = LocalRun.start(TEMPLATE, with(Map.of("LOCAL_DATABASE_URL", owner)))) {
                var ada = new Client(HttpClient.newHttpClient(), run.url(), "").login(Client.ADA);
                json(ada.send(ada.post("/api/chat", "{\"message\":\"Hello\"}")), 200);
            }
            LocalRun.start(TEMPLATE, with(Map.of("LOCAL_DATABASE_URL", owner))).close();

            var elsewhere = Map.of(
                    "LOCAL_DATABASE_URL",
                    owner,
                    "LOCAL_DATA_DIR",
                    folder.resolve("new").toString());
            assertRefusal("set FUNCTIONS_PASSWORD to its password", elsewhere);
            var password = Files.readString(folder.resolve("functions-password"));
            var known = new HashMap<>(elsewhere);
            known.put("FUNCTIONS_PASSWORD", password);
            LocalRun.start(TEMPLATE, with(known)).close();
        }
    }

    /** Of the functions' role alone; everybody else is trusted. */
    private static void requirePasswords(Path data, PostgresServer server) throws Exception {
        var rules = data.resolve("pg_hba.conf");
        Files.writeString(rules, "host all history_functions 127.0.0.1/32 scram-sha-256\n" + Files.readString(rules));
        new PostgresDatabase(server, "postgres").execute("select pg_reload_conf()");
    }

    @ParameterizedTest
    @CsvSource({
        "PORT, three thousand, PORT must be a number",
        "PORT, 70000, PORT must be a number",
        "LOCAL_DATA_DIR, pom.xml, LOCAL_DATA_DIR must be a folder",
        "CHAT_PROVIDER, nobody, CHAT_PROVIDER must be one of",
        "CHAT_TIMEOUT_SECONDS, soon, CHAT_TIMEOUT_SECONDS must be",
        "LOCAL_DATABASE_URL, mysql://localhost/x, LOCAL_DATABASE_URL must be postgresql:",
        "LOCAL_DATABASE_URL, postgresql://ada@127.0.0.1:1/x, Connection to 127.0.0.1:1 refused"
    })
    void saysWhatIsWrong(String variable, String value, String words) {
        assertRefusal(words, Map.of(variable, value));
    }

    @Test
    void saysAllThatIsWrong() {
        var wrong =
                Map.of("PORT", "70000", "LOCAL_DATA_DIR", "pom.xml", "CHAT_PROVIDER", "nobody", "CHAT_MAX_TOKENS", "0");
        var refusal = assertThrows(
                IllegalArgumentException.class,
                () -> LocalRun.start(Path.of("../template.yaml"), wrong).close());
        assertEquals(
                List.of("CHAT_MAX_TOKENS", "CHAT_PROVIDER", "LOCAL_DATA_DIR", "PORT"),
                String.valueOf(refusal.getMessage())
                        .lines()
                        .map(line -> line.replaceFirst(" .*", ""))
                        .sorted()
                        .toList());
    }

    @Test
    void rehearsesOnADatabaseOfItsOwnOnly() {
        var owner = "postgresql://owner@127.0.0.1:1/x";
        assertRefusal("unset LOCAL_DATABASE_URL", Map.of("LOCAL_REHEARSE", "true", "LOCAL_DATABASE_URL", owner));
    }

    @Test
    void saysThatThePortIsTaken() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Integer.toString(taken.getLocalPort());
            assertRefusal("Port " + port + " is taken", Map.of("PORT", port));
        }
    }

    private void assertRefusal(String words, Map<String, String> environment) {
        var refusal = assertThrows(
                Exception.class,
                () -> LocalRun.start(Path.of("../template.yaml"), with(environment))
                        .close());
        assertTrue(String.valueOf(refusal.getMessage()).contains(words), refusal.toString());
        assertFalse(String.valueOf(refusal.getMessage()).contains("\n"), refusal.toString());
        assertFalse(Files.exists(folder.resolve("postgres")), "something was started");
    }

    private LocalProcess start() throws Exception {
        return LocalProcess.start(with(Map.of())).awaitReady();
    }

    private Map<String, String> with(Map<String, String> environment) {
        var all = new HashMap<>(Map.of("PORT", "0", "LOCAL_DATA_DIR", folder.toString()));
        all.putAll(environment);
        return all;
    }
}
