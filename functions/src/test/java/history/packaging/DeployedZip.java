package history.packaging;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The zip that is deployed, unpacked as Lambda does, and its functions as processes that are started as Lambda starts them. */
public record DeployedZip(Path task) {
    static final Path FILE = Path.of("target/functions.zip");

    private static final Pattern RUNTIME = Pattern.compile(
            ".*/(aws-lambda-java-(core|runtime-interface-client|serialization)|utils-lite)-[^/]*\\.jar");

    public static DeployedZip in(Path task) throws IOException {
        return of(FILE, task);
    }

    static DeployedZip of(Path file, Path task) throws IOException {
        try (var zip = FileSystems.newFileSystem(file, Map.of("enablePosixFileAttributes", true));
                var files = Files.walk(zip.getPath("/"))) {
            for (Path from : files.toList()) {
                Path to = task.resolve(from.toString().substring(1));
                if (Files.isDirectory(from)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(from, to);
                    Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
                }
            }
        }
        return new DeployedZip(task);
    }

    /** What would be zipped, before it is: our classes, and every library that this JVM has. */
    public static DeployedZip notYetPacked(Path task) throws IOException {
        try (var classes = Files.list(Path.of("target/classes").toAbsolutePath())) {
            for (Path each : classes.toList()) {
                Files.createSymbolicLink(task.resolve(each.getFileName()), each);
            }
        }
        var lib = Files.createDirectory(task.resolve("lib"));
        for (String jar : System.getProperty("java.class.path").split(":", -1)) {
            var link = lib.resolve(Path.of(jar).getFileName());
            if (jar.endsWith(".jar") && !RUNTIME.matcher(jar).matches() && Files.notExists(link)) {
                Files.createSymbolicLink(link, Path.of(jar));
            }
        }
        return new DeployedZip(task);
    }

    /** Puts a class of the tests beside those of the zip. */
    DeployedZip with(Class<?> added) throws IOException {
        String name = added.getName().replace('.', '/') + ".class";
        try (InputStream content = requireNonNull(added.getClassLoader().getResourceAsStream(name))) {
            Files.createDirectories(task.resolve(name).getParent());
            Files.copy(content, task.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        return this;
    }

    DeployedZip without(String file) throws IOException {
        Files.delete(task.resolve(file));
        return this;
    }

    /** Under Amazon's own runtime client. */
    Process start(String handler, RuntimeApi api, Map<String, String> environment) throws IOException {
        return start(List.of(), handler, api, environment);
    }

    /**
     * The same with a command that begins with something else.
     *
     * @param before such as what limits its CPU
     */
    public Process start(List<String> before, String handler, RuntimeApi api, Map<String, String> environment)
            throws IOException {
        var command = new ArrayList<>(before);
        command.addAll(java(handler));
        return launch(command, handler, api, environment);
    }

    /** Through the script that takes the client's place, which is given the very command that would have started the client. */
    Process stream(String handler, RuntimeApi api, Map<String, String> environment) throws IOException {
        var command = new ArrayList<String>();
        command.add(task.resolve("stream").toString());
        command.addAll(java(handler));
        return launch(command, handler, api, environment);
    }

    /** As Lambda's own command looks, less what belongs to its paths. */
    private static List<String> java(String handler) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:MaxHeapSize=445645k",
                "-XX:+UseSerialGC",
                "-Xshare:on",
                "-XX:+TieredCompilation",
                "-XX:TieredStopAtLevel=1",
                "--add-opens",
                "java.base/java.io=ALL-UNNAMED",
                "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
                "-Djava.net.preferIPv4Stack=true",
                "-XX:+ErrorFileToStderr",
                "-classpath",
                runtimeClient(),
                "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                handler + "::handleRequest");
    }

    /** The jars that Lambda's managed runtime brings, from this JVM's class path. */
    private static String runtimeClient() {
        return Arrays.stream(System.getProperty("java.class.path").split(":", -1))
                .filter(jar -> RUNTIME.matcher(jar).matches())
                .collect(Collectors.joining(":"));
    }

    private Process launch(List<String> command, String handler, RuntimeApi api, Map<String, String> environment)
            throws IOException {
        var process = new ProcessBuilder(command).directory(task.toFile()).redirectErrorStream(true);
        process.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        process.environment()
                .putAll(Map.of(
                        "AWS_LAMBDA_RUNTIME_API", api.address(),
                        "_HANDLER", handler + "::handleRequest",
                        "LAMBDA_TASK_ROOT", task.toString(),
                        "AWS_LAMBDA_FUNCTION_NAME", "history",
                        "AWS_LAMBDA_FUNCTION_VERSION", "1",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024",
                        "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/history",
                        "AWS_LAMBDA_LOG_STREAM_NAME", "1",
                        "AWS_REGION", "eu-central-1",
                        "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"));
        process.environment().putAll(environment);
        return process.redirectOutput(
                        ProcessBuilder.Redirect.appendTo(log(handler).toFile()))
                .start();
    }

    /** What the processes of a handler have said. */
    static Path log(String handler) {
        // Classes of other test JVMs run the same handlers.
        return Path.of("target", handler + "-" + ProcessHandle.current().pid() + ".log")
                .toAbsolutePath();
    }
}
