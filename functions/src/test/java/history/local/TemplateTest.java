package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import history.http.Cors;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private static final Pattern VARIABLE = Pattern.compile("\"((?:CHAT|DATABASE|FUNCTIONS|JWT|LIMIT)_[A-Z_]+)\"");

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
            assertEquals(
                    "Release",
                    function.path("AutoPublishCodeSha256").path("Ref").asText(),
                    "or nothing new goes live");
            assertEquals("Delete", function.path("VersionDeletionPolicy").asText());
        }
    }

    @Test
    void asksForWhatAPersonCanFillIn() throws Exception {
        var parameters = names(template.root().path("Parameters"));
        var grouped = new TreeSet<String>();
        for (var group : template.root()
                .path("Metadata")
                .path("AWS::CloudFormation::Interface")
                .path("ParameterGroups")) {
            grouped.addAll(texts(group.path("Parameters")));
        }
        assertEquals(parameters, grouped);
        assertTrue(parameters.size() <= 30, parameters::toString);
        assertTrue(Files.readAllLines(Path.of("../template.yaml")).size() <= 600);
        var example =
                names(Template.read(Path.of("../docs/parameters.example.yaml")).root());
        example.add("Release");
        assertEquals(parameters, example);
    }

    @Test
    void keepsLogsThatAReaderWillLookFor() {
        for (var resource : template.root().path("Resources")) {
            if (resource.path("Type").asText().equals("AWS::Logs::LogGroup")) {
                assertEquals(
                        "RetainExceptOnCreate", resource.path("DeletionPolicy").asText());
            }
        }
    }

    /** What a person would forget, by the name of the parameter. */
    @Test
    void refusesWhatIsMissingOrContradictsItself() {
        var complete = new HashMap<>(Map.of(
                "JwtKeys", "https://issuer.example.com/jwks.json",
                "JwtSecret", "",
                "ChatProvider", "openai",
                "ChatModels", "m",
                "ChatBaseUrl", "",
                "ChatApiKey", "k",
                "SubnetIds", "",
                "SecurityGroupIds", ""));
        assertEquals(List.of(), broken(complete));
        Map.of(
                        "JwtKeys", "",
                        "ChatModels", "",
                        "ChatApiKey", "",
                        "SubnetIds", "subnet-1",
                        "SecurityGroupIds", "sg-1")
                .forEach((name, wrong) -> {
                    var parameters = new HashMap<>(complete);
                    parameters.put(name, wrong);
                    var broken = broken(parameters);
                    assertEquals(1, broken.size(), name);
                    assertTrue(broken.getFirst().contains(name), broken::toString);
                });
        for (var enough : List.of(
                Map.of("JwtKeys", "", "JwtSecret", "arn"),
                Map.of("ChatProvider", "echo", "ChatModels", "", "ChatApiKey", ""),
                Map.of("ChatProvider", "bedrock", "ChatApiKey", ""),
                Map.of("ChatBaseUrl", "https://models.example.com", "ChatApiKey", ""),
                Map.of("SubnetIds", "subnet-1", "SecurityGroupIds", "sg-1"))) {
            var parameters = new HashMap<>(complete);
            parameters.putAll(enough);
            assertEquals(List.of(), broken(parameters));
        }
    }

    private List<String> broken(Map<String, String> parameters) {
        var broken = new ArrayList<String>();
        for (var rule : template.root().path("Rules")) {
            if (!rule.has("RuleCondition") || holds(rule.path("RuleCondition"), parameters)) {
                for (var assertion : rule.path("Assertions")) {
                    if (!holds(assertion.path("Assert"), parameters)) {
                        broken.add(assertion.path("AssertDescription").asText());
                    }
                }
            }
        }
        return broken;
    }

    /** The functions that CloudFormation has for rules, as far as they are used. */
    private static boolean holds(JsonNode condition, Map<String, String> parameters) {
        var function = condition.properties().iterator().next();
        var arguments = function.getValue();
        return switch (function.getKey()) {
            case "Fn::Not" -> !holds(arguments.get(0), parameters);
            case "Fn::And" -> arguments.valueStream().allMatch(argument -> holds(argument, parameters));
            case "Fn::Or" -> arguments.valueStream().anyMatch(argument -> holds(argument, parameters));
            case "Fn::Equals", "Fn::EachMemberEquals" ->
                text(arguments.get(0), parameters).equals(text(arguments.get(1), parameters));
            case "Fn::Contains" -> texts(arguments.get(0)).contains(text(arguments.get(1), parameters));
            default -> throw new AssertionError(function.getKey());
        };
    }

    private static String text(JsonNode node, Map<String, String> parameters) {
        return node.has("Ref") ? parameters.getOrDefault(node.path("Ref").asText(), "?") : node.asText();
    }

    private static Set<String> names(JsonNode object) {
        var names = new TreeSet<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
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
                .containsAll(List.of(
                        "ETag",
                        "Idempotency-Replayed",
                        "Link",
                        "Location",
                        "RateLimit",
                        "RateLimit-Policy",
                        "Retry-After")));
        assertTrue(cors.allowMethods().containsAll(List.of("GET", "POST", "PATCH", "DELETE")));
        assertFalse(cors.allowHeaders().contains("*"), "a wildcard does not cover Authorization");
    }

    @Test
    void streamsWhereItIsAskedToAndHasCorsOfItsOwnThere() throws Exception {
        var resources = template.root().path("Resources");
        assertEquals(
                "no",
                template.root()
                        .path("Parameters")
                        .path("Streaming")
                        .path("Default")
                        .asText());
        for (var name : List.of("StreamChat", "StreamResumeChat")) {
            var function = resources.path(name);
            var variables = function.path("Properties").path("Environment").path("Variables");
            var route = function.path("Properties").path("Events").path("Route").path("Properties");

            assertEquals("Streams", function.path("Condition").asText());
            assertEquals(
                    "/var/task/stream",
                    variables.path("AWS_LAMBDA_EXEC_WRAPPER").asText());
            assertTrue(Files.isExecutable(Path.of("src/main/scripts/stream")));
            assertTrue(variables.hasNonNull("CORS_ORIGINS"));
            assertEquals("RESPONSE_STREAM", route.path("ResponseTransferMode").asText());
            var integration = resources
                    .path("StreamingApi")
                    .path("Properties")
                    .path("DefinitionBody")
                    .path("paths")
                    .path(route.path("Path").asText())
                    .path("x-amazon-apigateway-any-method")
                    .path("x-amazon-apigateway-integration");
            assertEquals("STREAM", integration.path("responseTransferMode").asText());
            assertEquals(900_000, integration.path("timeoutInMillis").asInt());
            assertTrue(integration
                    .path("uri")
                    .toString()
                    .contains("${" + name + ".Alias}/response-streaming-invocations"));
        }
        var chat = names(resources
                .path("StreamChat")
                .path("Properties")
                .path("Environment")
                .path("Variables"));
        chat.removeAll(Set.of("AWS_LAMBDA_EXEC_WRAPPER", "CORS_ORIGINS"));
        assertEquals(
                names(resources
                        .path("Chat")
                        .path("Properties")
                        .path("Environment")
                        .path("Variables")),
                chat);
        assertTrue(template.cors().allowHeaders().containsAll(Cors.ALLOWED));
        assertTrue(template.cors().exposeHeaders().containsAll(Cors.EXPOSED));
    }

    private Template.Function function(String handler) {
        return template.functions().stream()
                .filter(function -> function.handler().equals(handler))
                .findFirst()
                .orElseThrow();
    }

    private Set<String> variables(String handler) {
        return names(function(handler).properties().path("Environment").path("Variables"));
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
