package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds {@code template.yaml} against the classes, the contract and the platform. */
final class TemplateTest {
    private static final Set<String> CONTRACT = Set.of(
            "GET /api/conversations -> history.conversation.ListConversationsHandler",
            "POST /api/conversations -> history.conversation.CreateConversationHandler",
            "GET /api/conversations/{id} -> history.conversation.GetConversationHandler",
            "PATCH /api/conversations/{id} -> history.conversation.PatchConversationHandler",
            "DELETE /api/conversations/{id} -> history.conversation.DeleteConversationHandler",
            "GET /api/conversations/{id}/messages/{message} -> history.conversation.GetMessageHandler",
            "DELETE /api/conversations/{id}/messages/{message} -> history.conversation.DeleteMessageHandler",
            "POST /api/chat -> history.chat.ChatHandler",
            "GET /api/chat/{id}/stream -> history.chat.ResumeChatHandler",
            "POST /api/chat/{id}/stop -> history.chat.StopChatHandler");

    /** Set by the local run alone: a function in the cloud serves one request at a time. */
    private static final Set<String> LOCAL_VARIABLES = Set.of("DATABASE_POOL_SIZE");

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path MIGRATION_SOURCES = Path.of("../migration-function/src/main/java");
    private static final Pattern VARIABLE = Pattern.compile("\"((?:CHAT|DATABASE|FUNCTIONS|JWT)_[A-Z_]+)\"");

    private Template template;

    @BeforeEach
    void read() throws IOException {
        template = Template.read(Path.of("../template.yaml"));
    }

    @Test
    void servesTheContract() {
        var routes = template.routes().stream()
                .map(route -> route.key() + " -> " + route.handler())
                .collect(Collectors.toSet());

        assertEquals(CONTRACT, routes);
    }

    @Test
    void namesHandlersThatTheRuntimeCanStart() throws Exception {
        for (var function : template.functions()) {
            var handler = Class.forName(function.handler(), false, getClass().getClassLoader());

            assertTrue(RequestStreamHandler.class.isAssignableFrom(handler), function.handler());
            assertTrue(Modifier.isPublic(handler.getModifiers()), function.handler());
            assertTrue(Modifier.isPublic(handler.getConstructor().getModifiers()), function.handler());
        }
    }

    @Test
    void leavesNoHandlerOut() throws Exception {
        var named =
                template.functions().stream().map(Template.Function::handler).collect(Collectors.toSet());
        var written = sources(SOURCES)
                .filter(file -> file.toString().endsWith("Handler.java"))
                .map(file -> SOURCES.relativize(file).toString())
                .map(file -> file.replace(".java", "").replace('/', '.'))
                .filter(name -> !isAbstract(name))
                .collect(Collectors.toSet());

        assertFalse(written.isEmpty());
        assertTrue(named.containsAll(written), written.toString());
    }

    private static boolean isAbstract(String name) {
        try {
            return Modifier.isAbstract(Class.forName(name, false, TemplateTest.class.getClassLoader())
                    .getModifiers());
        } catch (ClassNotFoundException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void givesTheFunctionsEveryVariableThatTheyRead() throws Exception {
        assertEquals(variablesIn(SOURCES), variables("history.chat.ChatHandler"));
    }

    @Test
    void keepsTheMigrationApartFromTheFunctions() throws Exception {
        var migration = function("history.migration.MigrationHandler").properties();

        assertEquals(variablesIn(MIGRATION_SOURCES), variables("history.migration.MigrationHandler"));
        assertEquals(900, migration.path("Timeout").asInt());
        assertEquals(1, migration.path("ReservedConcurrentExecutions").asInt());
        assertTrue(migration.path("SnapStart").isMissingNode());
    }

    @Test
    void startsTheApiFromSnapshots() {
        for (var route : template.routes()) {
            var function = function(route.handler()).properties();

            assertEquals(
                    "PublishedVersions",
                    function.path("SnapStart").path("ApplyOn").asText());
            assertTrue(function.hasNonNull("AutoPublishAlias"));
            assertTrue(function.path("AutoPublishAliasAllProperties").asBoolean());
        }
    }

    @Test
    void shipsZipsThatSamLeavesAlone() {
        for (var function : template.functions()) {
            var properties = function.properties();
            var code = properties.has("CodeUri") ? properties.path("CodeUri") : properties.path("Code");

            assertTrue(code.asText().matches("(functions|migration-function)/target/\\1\\.zip"), code.asText());
            assertEquals("java25", properties.path("Runtime").asText());
            assertEquals(List.of("arm64"), texts(properties.path("Architectures")));
        }
    }

    @Test
    void letsBrowsersUseEveryHeaderOfTheContract() {
        var cors = template.cors();

        assertTrue(cors.allowHeaders()
                .containsAll(List.of("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match")));
        assertTrue(cors.exposeHeaders()
                .containsAll(List.of("ETag", "Idempotency-Replayed", "Link", "Location", "Retry-After")));
        assertTrue(cors.allowMethods().containsAll(List.of("GET", "POST", "PATCH", "DELETE")));
        assertFalse(cors.allowHeaders().contains("*"), "a wildcard does not cover Authorization");
    }

    private Template.Function function(String handler) {
        return template.functions().stream()
                .filter(function -> function.handler().equals(handler))
                .findFirst()
                .orElseThrow();
    }

    private Set<String> variables(String handler) {
        var names = new TreeSet<String>();
        function(handler)
                .properties()
                .path("Environment")
                .path("Variables")
                .fieldNames()
                .forEachRemaining(names::add);
        return names;
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }

    private static Set<String> variablesIn(Path folder) throws IOException {
        var read = new TreeSet<String>();
        for (var file : sources(folder).toList()) {
            VARIABLE.matcher(Files.readString(file)).results().forEach(found -> read.add(found.group(1)));
        }
        read.removeAll(LOCAL_VARIABLES);
        return read;
    }

    private static Stream<Path> sources(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        }
    }
}
