package history.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A release of the last commit, made twice: in other folders, with other rights for new files. */
@EnabledOnOs(OS.LINUX)
class ReleasePackageTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void isTheSameByteForByteAndSaysItsVersion(@TempDir Path folder) throws Exception {
        assumeTrue(Files.exists(ROOT.resolve(".git")), "SKIPPED: a release is made of a commit, and this is no clone");
        run(ROOT, "git", "clone", "-q", ROOT.toString(), folder.resolve("one").toString());
        run(folder, "sh", "-c", "umask 077 && git clone -q one two");
        var sums = release(folder.resolve("one"), "022");
        assertEquals(sums, release(folder.resolve("two"), "077"));
        assertEquals(
                Set.of(
                        "002_conversation_history.sql",
                        "changes.md",
                        "functions.cdx.json",
                        "functions.zip",
                        "migration-function.cdx.json",
                        "migration-function.jar",
                        "migration-function.zip",
                        "openapi.yaml",
                        "parameters.example.yaml",
                        "template.yaml"),
                sums.lines().map(line -> line.replaceFirst("^\\S+ +", "")).collect(Collectors.toSet()));
        var made = folder.resolve("one/target/release");
        assertTrue(
                Files.readString(made.resolve("002_conversation_history.sql")).contains("set version = '9.9.9'"));
        assertTrue(Files.readString(made.resolve("changes.md")).startsWith("## 9.9.9"));
        var sbom = new JsonMapper().readTree(made.resolve("functions.cdx.json").toFile());
        assertEquals(
                "9.9.9", sbom.path("metadata").path("component").path("version").asText());
        var report = run(
                made,
                "sh",
                "-c",
                "DATABASE_URL=postgresql://nobody@127.0.0.1:1/none java -jar migration-function.jar status --json || true");
        assertTrue(report.contains("\"version\":\"9.9.9\""), report);
    }

    private static String release(Path clone, String mask) throws Exception {
        run(clone, "sed", "-i", "s/^## Unreleased/## 9.9.9/", "CHANGELOG.md");
        run(clone, "git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-qam", "Release 9.9.9");
        run(clone, "sh", "-c", "umask " + mask + " && .ci/release 9.9.9");
        return Files.readString(clone.resolve("target/release/SHA256SUMS"));
    }

    private static String run(Path folder, String... command) throws Exception {
        var process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        // Whoever else owns the clone.
        process.environment()
                .putAll(Map.of(
                        "GIT_CONFIG_COUNT", "1", "GIT_CONFIG_KEY_0", "safe.directory", "GIT_CONFIG_VALUE_0", "*"));
        process.environment()
                .merge("PATH", Path.of(System.getProperty("java.home"), "bin") + ":", (path, own) -> own + path);
        var started = process.start();
        var said = new String(started.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, started.waitFor(), said);
        return said;
    }
}
