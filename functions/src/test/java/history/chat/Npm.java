package history.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;

/** A folder with packages from npm's registry; loudly skipped where there is no Node.js or no registry. */
record Npm(Path folder) {
    /** @param files among this package's resources, {@code package.json} first */
    static Npm install(String name, String... files) throws IOException, InterruptedException {
        if (!runs("node", "--version")) {
            System.err.println("SKIPPED: there is no Node.js here, so nothing from npm has been tried: " + name);
            Assumptions.abort("no Node.js");
        }
        var npm = new Npm(Path.of("target", name).toAbsolutePath());
        Files.createDirectories(npm.folder);
        boolean changed = npm.copy(name + "/" + files[0]);
        for (var file : Arrays.asList(files).subList(1, files.length)) {
            npm.copy(name + "/" + file);
        }
        if (changed || !Files.exists(npm.folder.resolve("node_modules/.package-lock.json"))) {
            var install =
                    npm.start("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
            String output = new String(install.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (install.waitFor() != 0) {
                System.err.println(
                        "SKIPPED: npm cannot install, so nothing from npm has been tried: " + name + "\n" + output);
                Assumptions.abort("npm install failed");
            }
        }
        return npm;
    }

    /** Output and errors in one. */
    Process start(String... command) throws IOException {
        return start(Map.of(), command);
    }

    Process start(Map<String, String> environment, String... command) throws IOException {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    /**
     * Runs a script to its end, which it reaches when it says "done".
     *
     * @param step is told each line on standard output
     */
    void check(Map<String, String> environment, Consumer<String> step, String... command) throws Exception {
        var process = start(environment, command);
        CompletableFuture.delayedExecutor(3, TimeUnit.MINUTES).execute(process::destroyForcibly);
        List<String> lines = new ArrayList<>();
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                step.accept(line);
            }
        } finally {
            process.destroyForcibly();
        }
        assertEquals(0, process.waitFor(), String.join("\n", lines));
        assertTrue(lines.contains("done"), String.join("\n", lines));
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

    private boolean copy(String name) throws IOException {
        try (var source = Objects.requireNonNull(Npm.class.getResourceAsStream(name))) {
            byte[] bytes = source.readAllBytes();
            Path target = folder.resolve(Path.of(name).getFileName());
            boolean changed = !Files.exists(target) || !Arrays.equals(bytes, Files.readAllBytes(target));
            Files.write(target, bytes);
            return changed;
        }
    }
}
