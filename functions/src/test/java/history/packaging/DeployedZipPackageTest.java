package history.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import history.fixture.World;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The zip that is deployed, under Amazon's own runtime client. */
@EnabledOnOs(OS.LINUX)
class DeployedZipPackageTest {
    private static final World WORLD = World.create();
    private static final Path ZIP = Path.of("target/functions.zip");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path task;

    @BeforeAll
    static void unzip() throws IOException {
        try (var zip = new ZipFile(ZIP.toFile())) {
            for (var entry : zip.stream().toList()) {
                Path file = task.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    try (InputStream content = zip.getInputStream(entry)) {
                        Files.copy(content, file);
                    }
                }
            }
        }
    }

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @Test
    void isSmallAndHasWhatLambdaLooksFor() throws IOException {
        assertTrue(Files.size(ZIP) < 12_000_000, "the zip has " + Files.size(ZIP) + " bytes");
        assertTrue(Files.exists(task.resolve("history/conversation/ListConversationsHandler.class")));
        try (Stream<Path> jars = Files.list(task.resolve("lib"))) {
            List<String> names = jars.map(jar -> jar.getFileName().toString()).toList();
            assertTrue(
                    names.stream().noneMatch(name -> name.contains("flyway") || name.contains("junit")),
                    names::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"conversation.ListConversationsHandler", "chat.ChatHandler"})
    void answersUnderTheRuntimeClient(String handler) throws Exception {
        try (var api = new RuntimeApi()) {
            Process function = start("history." + handler, api.address());
            try {
                JsonNode answer = new JsonMapper().readTree(String.valueOf(api.invoke(event(handler))));
                assertEquals(200, answer.path("statusCode").asInt(), answer.toString());
                assertEquals(
                        "no-store", answer.path("headers").path("cache-control").asText());
                JsonNode again = new JsonMapper().readTree(String.valueOf(api.invoke("{\"version\":\"2.0\"}")));
                assertEquals(401, again.path("statusCode").asInt(), again.toString());
            } finally {
                function.destroyForcibly().waitFor();
            }
        }
    }

    private static String event(String handler) {
        boolean chat = handler.startsWith("chat");
        var event = new JsonMapper()
                .createObjectNode()
                .put("version", "2.0")
                .put("rawPath", chat ? "/api/chat" : "/api/conversations");
        event.putObject("headers").put("authorization", WORLD.ada().bearer()).put("content-type", "application/json");
        event.putObject("requestContext").putObject("http").put("method", chat ? "POST" : "GET");
        return chat ? event.put("body", "{\"message\":\"Hello\"}").toString() : event.toString();
    }

    private static Process start(String handler, String address) throws IOException {
        String classPath = Stream.concat(Stream.of(task.toString(), task + "/lib/*"), runtimeClient())
                .collect(Collectors.joining(":"));
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                handler);
        process.environment().putAll(WORLD.environment());
        process.environment()
                .putAll(Map.of(
                        "AWS_LAMBDA_RUNTIME_API",
                        address,
                        "_HANDLER",
                        handler,
                        "LAMBDA_TASK_ROOT",
                        task.toString(),
                        "AWS_LAMBDA_FUNCTION_NAME",
                        "history",
                        "AWS_LAMBDA_FUNCTION_VERSION",
                        "1",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                        "1024",
                        "AWS_LAMBDA_LOG_GROUP_NAME",
                        "/aws/lambda/history",
                        "AWS_LAMBDA_LOG_STREAM_NAME",
                        "1",
                        "AWS_REGION",
                        "eu-central-1"));
        return process.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(
                        Path.of("target", handler + ".log").toFile()))
                .start();
    }

    /** The jars that Lambda's managed runtime brings, from this JVM's class path. */
    private static Stream<String> runtimeClient() {
        return Arrays.stream(System.getProperty("java.class.path").split(":", -1))
                .filter(jar -> jar.contains("aws-lambda-java-runtime-interface-client")
                        || jar.contains("aws-lambda-java-serialization")
                        || jar.contains("aws-lambda-java-core")
                        || jar.contains("utils-lite"));
    }
}
