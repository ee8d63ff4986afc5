package history.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Prints the ten slowest test classes of this build, of both modules, from the reports that Maven leaves. */
final class SlowestClasses {
    private static final Pattern SUITE = Pattern.compile("<testsuite [^>]*?\\sname=\"([^\"]+)\"\\s+time=\"([0-9.]+)\"");
    private static final Instant BEGAN = Instant.parse(System.getProperty("build.began", ""));

    private record Suite(String name, double seconds) {}

    @Test
    void areNamed() throws IOException {
        List<Suite> suites = new ArrayList<>();
        for (var module : List.of("migration-function", "functions")) {
            addTo(suites, Path.of("..", module, "target", "surefire-reports"));
        }
        assertFalse(suites.isEmpty(), "no reports");
        suites.sort(Comparator.comparingDouble(Suite::seconds).reversed());
        suites.stream()
                .limit(10)
                .forEach(it -> System.out.printf(Locale.ROOT, "%6.1f s  %s%n", it.seconds(), it.name()));
    }

    private static void addTo(List<Suite> suites, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var reports = Files.newDirectoryStream(folder, "TEST-*.xml")) {
            for (var report : reports) {
                var suite = SUITE.matcher(Files.readString(report));
                var isOfThisBuild =
                        !Files.getLastModifiedTime(report).toInstant().isBefore(BEGAN);
                if (isOfThisBuild && suite.find()) {
                    suites.add(new Suite(suite.group(1), Double.parseDouble(suite.group(2))));
                }
            }
        }
    }
}
