package history.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What was measured: printed as it comes, and kept as JSON and as a page. */
final class Report {
    static final String PER_SECOND = "requests/s";
    static final String P50 = "p50 ms";
    static final String P99 = "p99 ms";
    static final String FUNCTION = "CPU s/1,000";
    static final String DATABASE = "PostgreSQL s/1,000";

    private static final List<String> ORDER = List.of(
            PER_SECOND,
            P50,
            P99,
            FUNCTION,
            DATABASE,
            "ms",
            "CPU ms",
            "classes",
            "seconds",
            "per second",
            "bytes",
            "ratio");

    record Row(String part, String what, String side, Map<String, Double> figures) {}

    /** @param target as the limit is written: {@code <= 1.3} */
    record Target(String what, String target, double measured) {
        boolean isMet() {
            var limit = Double.parseDouble(target.substring(2).strip());
            return target.startsWith("<=") ? measured <= limit : measured >= limit;
        }
    }

    private final List<Row> rows = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private String heading = "";

    void add(String part, String what, String side, Map<String, Double> figures) {
        if (!heading.equals(part)) {
            System.out.println("\n" + part);
            heading = part;
        }
        var row = new Row(part, what, side, sorted(figures));
        rows.add(row);
        System.out.printf(
                Locale.ROOT,
                "  %-24s %-28s %s%n",
                what,
                side,
                row.figures().entrySet().stream()
                        .map(figure -> "%10s %s".formatted(text(figure.getValue()), figure.getKey()))
                        .collect(Collectors.joining(" ")));
    }

    private static Map<String, Double> sorted(Map<String, Double> figures) {
        var sorted = new TreeMap<String, Double>(java.util.Comparator.comparingInt(ORDER::indexOf));
        sorted.putAll(figures);
        return sorted;
    }

    static String text(double figure) {
        return String.format(Locale.ROOT, figure >= 100 ? "%,.0f" : figure >= 10 ? "%.1f" : "%.2f", figure);
    }

    void target(String what, String target, double measured) {
        targets.add(new Target(what, target, measured));
    }

    /** What a reader of the figures must know. */
    void note(String note) {
        System.out.println("  " + note);
        notes.add(note);
    }

    void write(Path folder) throws IOException {
        System.out.println("\nTargets");
        for (var target : targets) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-60s %-8s %8s %s%n",
                    target.what(),
                    target.target(),
                    text(target.measured()),
                    target.isMet() ? "" : "MISSED");
        }
        Files.createDirectories(folder);
        var machine = "%s, %d processors, Java %s"
                .formatted(
                        System.getProperty("os.arch"), Runtime.getRuntime().availableProcessors(), Runtime.version());
        JsonMapper.builder()
                .build()
                .writerWithDefaultPrettyPrinter()
                .writeValue(
                        folder.resolve("bench.json").toFile(),
                        Map.of(
                                "at", Instant.now().toString(),
                                "machine", machine,
                                "notes", notes,
                                "rows", rows,
                                "targets", targets));
        Files.writeString(folder.resolve("index.html"), Plots.page(machine, rows, targets, notes));
        System.out.println("\n" + folder.resolve("index.html").toAbsolutePath());
    }
}
