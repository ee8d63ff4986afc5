package history.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The local run as a developer starts it: a process of its own. */
final class LocalProcess implements AutoCloseable {
    private static final String READY = "Ready: ";

    private final Process process;
    private final BufferedReader output;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> said = new ArrayList<>();
    private String url = "";

    private LocalProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    static LocalProcess start(Map<String, String> environment) throws IOException {
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                LocalCommand.class.getName(),
                "../template.yaml");
        builder.redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.matches("(CHAT|DATABASE|LOCAL)_.*"));
        builder.environment().putAll(environment);
        return new LocalProcess(builder.start());
    }

    LocalProcess awaitReady() throws IOException {
        url = await(READY);
        return this;
    }

    /** The rest of the next line that begins like that. */
    String await(String beginning) throws IOException {
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            if (line.startsWith(beginning)) {
                return line.substring(beginning.length());
            }
        }
        throw new IOException(String.join("\n", said));
    }

    /** What was said until then. */
    List<String> said() {
        return said;
    }

    /** What is said until the end, and how it ends. */
    record Ending(int code, List<String> lines) {}

    Ending awaitEnd() {
        var lines = output.lines().toList();
        return new Ending(process.onExit().join().exitValue(), lines);
    }

    /** Without a token. */
    Client client() {
        return new Client(client, url, "");
    }

    /** As Ctrl-C and {@code kill} do. */
    void stop() {
        process.destroy();
        process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** No chance to clean up. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        stop();
        client.close();
    }
}
