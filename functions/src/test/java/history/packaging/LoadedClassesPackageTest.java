package history.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import history.auth.Tokens;
import history.fixture.Person;
import history.fixture.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which classes a function loads until it has answered once: each costs a cold start time. Prints how many, by package. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class LoadedClassesPackageTest {
    private static final World WORLD = World.create();
    private static final Tokens TOKENS = Tokens.es256();
    private static final Pattern LINE = Pattern.compile("(?:\\[[^]]*])*\\s*(\\S+) source: (.*)");

    /** What no function needs to answer; where it is loaded all the same, somebody has called it by mistake. */
    private static final List<String> FORBIDDEN = List.of(
            "com.amazonaws.services.lambda.runtime.events",
            "com.fasterxml.jackson.dataformat",
            "com.fasterxml.jackson.datatype",
            "com.networknt",
            "com.sun.net.httpserver",
            "history.fixture",
            "history.migration",
            "java.applet",
            "java.awt",
            "java.net.http", // the keys are configured, and the echo model is nowhere
            "java.rmi",
            "javax.management.remote",
            "javax.script",
            "javax.swing",
            "jdk.internal.net.http",
            "org.flywaydb",
            "org.jose4j.jwe",
            "org.junit",
            "org.openqa",
            "org.postgresql.xa",
            "org.reactivestreams",
            "software.amazon.awssdk.http",
            "software.amazon.awssdk.identity",
            "software.amazon.awssdk.utils.",
            "software.amazon.eventstream");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path task;

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @ParameterizedTest
    @CsvSource({
        "conversation.ListConversationsHandler, GET, /api/conversations, 200",
        "conversation.CreateConversationHandler, POST, /api/conversations, 201",
        "conversation.GetConversationHandler, GET, /api/conversations/{id}, 404",
        "conversation.PatchConversationHandler, PATCH, /api/conversations/{id}, 404",
        "conversation.DeleteConversationHandler, DELETE, /api/conversations/{id}, 404",
        "conversation.GetMessageHandler, GET, /api/conversations/{id}/messages/{id}, 404",
        "conversation.DeleteMessageHandler, DELETE, /api/conversations/{id}/messages/{id}, 404",
        "chat.ChatHandler, POST, /api/chat, 200",
        "chat.ResumeChatHandler, GET, /api/chat/c/stream, 204",
        "chat.StopChatHandler, POST, /api/chat/c/stop, 204"
    })
    void loadsNothingThatNoFunctionNeeds(String name, String method, String path, int status) throws Exception {
        var classes = classes("history." + name, method, path.replace("{id}", new UUID(0, 1).toString()), status);
        print(name, classes);
        var superfluous = classes.keySet().stream()
                .filter(each -> FORBIDDEN.stream().anyMatch(each::startsWith))
                .toList();
        assertEquals(List.of(), superfluous);
    }

    /** With the place that each comes from. */
    private Map<String, String> classes(String handler, String method, String path, int status) throws Exception {
        var log = task.resolve("classes.log");
        var environment = new LinkedHashMap<>(WORLD.environment());
        environment.remove("JWT_SECRET");
        environment.putAll(TOKENS.environment());
        environment.put("JDK_JAVA_OPTIONS", "-Xlog:class+load=info:file=" + log);
        var zip = DeployedZip.notYetPacked(Files.createDirectory(task.resolve("task")));
        try (var api = new RuntimeApi()) {
            var function = zip.start(handler, api, environment);
            try {
                var body = handler.endsWith("ChatHandler") ? "{\"message\":\"Hello\"}" : "{\"title\":\"Hello\"}";
                var answer = api.invoke(Events.of(method, path, ada(), body));
                while (answer.startsWith(
                        "{\"statusCode\":503")) { // on a busy machine, connecting takes more time than there is
                    answer = api.invoke(Events.of(method, path, ada(), body));
                }
                assertEquals(
                        status,
                        new JsonMapper().readTree(answer).path("statusCode").asInt(),
                        answer);
            } finally {
                function.destroyForcibly().waitFor();
            }
        }
        return read(log);
    }

    private static Person ada() {
        var ada = WORLD.ada();
        var bearer = TOKENS.user(ada.userId()).tenant(ada.tenantId()).bearer();
        return new Person(ada.userId(), ada.tenantId(), bearer);
    }

    private static Map<String, String> read(Path log) throws IOException {
        var classes = new TreeMap<String, String>();
        for (String line : Files.readAllLines(log)) {
            var matcher = LINE.matcher(line);
            if (matcher.matches()) {
                classes.put(matcher.group(1), matcher.group(2));
            }
        }
        assertTrue(classes.containsKey("history.http.ApiHandler"), "the log is read wrongly: " + classes.size());
        return classes;
    }

    private static void print(String name, Map<String, String> classes) {
        var archived = classes.values().stream()
                .filter(source -> source.startsWith("shared objects file"))
                .count();
        var byPackage = classes.keySet().stream()
                .filter(each -> !each.matches("(java|jdk|sun|javax)\\..*"))
                .collect(Collectors.groupingBy(LoadedClassesPackageTest::group, TreeMap::new, Collectors.counting()));
        System.out.printf(
                Locale.ROOT,
                "%s: %,d classes, %,d of them from the JDK's archive; not the JDK's: %s%n",
                name,
                classes.size(),
                archived,
                byPackage);
    }

    /** Two parts of the package's name, or three of a common one. */
    private static String group(String name) {
        var parts = name.split("\\.", -1);
        var most = name.startsWith("com.") || name.startsWith("org.") ? 3 : 2;
        return String.join(".", List.of(parts).subList(0, Math.min(most, parts.length - 1)));
    }
}
