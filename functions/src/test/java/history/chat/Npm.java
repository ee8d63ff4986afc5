package history.chat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
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
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
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
