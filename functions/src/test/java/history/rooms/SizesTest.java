package history.rooms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever is read can be read at once: a class in five screens, a function of SQL in one. */
final class SizesTest {
    private static final int JAVA = 250;
    private static final int SQL = 60;

    /** SQL that is longer on purpose. */
    private static final Map<String, String> EXCEPTIONS = new TreeMap<>(Map.of(
            "by_hand.sql", "a script",
            "check/preflight_columns.sql", "a list",
            "check/preflight_dependents.sql", "a list",
            "check/preflight_relations.sql", "a list"));

    @Test
    void noClassIsLong() {
        assertEquals(
                List.of(),
                Stream.of("src/main/java", "src/shared/java", "../migration-function/src/main/java")
                        .flatMap(folder -> longer(Path.of(folder), ".java", JAVA).stream())
                        .toList());
    }

    @Test
    void thePageIsSmall() throws IOException {
        try (var files = Files.list(Path.of("src/test/resources/history/local/page"))) {
            var sizes = files.mapToLong(SizesTest::lines).toArray();
            assertTrue(LongStream.of(sizes).sum() <= 2000, "all of it");
            assertTrue(LongStream.of(sizes).max().orElseThrow() <= 200, "each file");
        }
    }

    /** Without the comment above it. */
    @Test
    void noFunctionOfTheDatabaseIsLong() {
        var found = longer(Path.of("../migration-function/src/main/resources/history"), ".sql", SQL);
        assertEquals(List.copyOf(EXCEPTIONS.keySet()), found);
    }

    private static List<String> longer(Path folder, String ending, int most) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .filter(file -> lines(file) > most)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static long lines(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.dropWhile(line -> line.startsWith("--")).count();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
