package history.isolation;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table that a person can read: a line for each probe, a column for each persona, a word in each cell. */
final class Matrix {
    private static final int TITLE = 58;
    private static final int CELL = 8;

    static final List<String> CLOSED = Collections.nCopies(Persona.values().length, "no");

    private Matrix() {}

    /** A line of the table. */
    record Line(Probe probe, List<String> outcomes) {
        String text() {
            return line(probe.title(), outcomes);
        }

        /** A function that nobody may call: there are many, and the table lists the others. */
        boolean isClosed() {
            return probe.block().equals("functions") && outcomes.equals(CLOSED);
        }
    }

    static List<Probe> probes(Connection superuser, Stage stage) throws SQLException {
        List<Probe> probes = new ArrayList<>(Probe.of(stage));
        probes.addAll(FunctionProbes.of(superuser));
        return probes;
    }

    static Line fill(Prober prober, Probe probe) throws SQLException {
        List<String> outcomes = new ArrayList<>();
        for (var persona : Persona.values()) {
            outcomes.add(prober.outcome(persona, probe));
        }
        return new Line(probe, outcomes);
    }

    /** Everything below the legend. */
    static String text(List<Line> lines) {
        var text = new StringBuilder();
        var block = "";
        for (var line : lines) {
            if (line.isClosed()) {
                continue;
            }
            if (!line.probe().block().equals(block)) {
                block = line.probe().block();
                text.append('\n').append(heading(block)).append('\n');
            }
            text.append(line.text()).append('\n');
        }
        return text.toString();
    }

    private static String heading(String block) {
        return line("== " + block, titles(persona -> persona.title));
    }

    private static List<String> titles(Function<Persona, String> title) {
        return Arrays.stream(Persona.values()).map(title).toList();
    }

    private static String line(String title, List<String> cells) {
        return (pad(shortened(title), TITLE)
                        + cells.stream().map(cell -> pad(cell, CELL)).collect(Collectors.joining()))
                .stripTrailing();
    }

    static String shortened(String title) {
        return title.length() < TITLE ? title : title.substring(0, TITLE - 2) + "…";
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    /** The lines of a table in a file, without its comments. */
    static List<String> lines(String table) {
        return table.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    /** The lines that only one of two tables has, as {@code diff} marks them; empty when they say the same in the same order. */
    static String difference(List<String> expected, List<String> found) {
        if (expected.equals(found)) {
            return "";
        }
        var lines = Stream.concat(
                        expected.stream().filter(line -> !found.contains(line)).map(line -> "- " + line),
                        found.stream().filter(line -> !expected.contains(line)).map(line -> "+ " + line))
                .sorted(Comparator.comparing(line -> line.substring(2)))
                .collect(Collectors.joining("\n"));
        return lines.isEmpty() ? "The same lines in another order." : lines;
    }

    static String title(String line) {
        return line.substring(0, TITLE).strip();
    }

    /** The cells of a line. */
    static List<String> cells(String line) {
        return Arrays.asList(line.substring(TITLE).strip().split(" +"));
    }
}
