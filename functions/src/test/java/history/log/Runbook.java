package history.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What an operator has beside a line of the log: the table of causes. */
final class Runbook {
    private static final Pattern WORDS = Pattern.compile("`([^`]+)`");

    /** @param words that a line has, all of them */
    private record Row(List<String> words, String cause) {
        static Row of(String line) {
            var cells = line.split(" ?\\| ?", -1);
            var words = WORDS.matcher(cells[1]).results().map(it -> it.group(1)).toList();
            return new Row(words, cells[2]);
        }
    }

    private final List<Row> rows;

    Runbook() {
        try {
            var text = Files.readString(Path.of("../docs/runbook.md"));
            rows = Pattern.compile("^\\| the line has \\|.*\\n.*\\n((?:\\|.*\\n)+)", Pattern.MULTILINE)
                    .matcher(text)
                    .results()
                    .map(MatchResult::group)
                    .flatMap(table -> table.lines().skip(2))
                    .map(Row::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Somebody who searches a line for the words of each row finds this one cause and no other. */
    void leads(String line, String cause) {
        var found = rows.stream()
                .filter(row -> row.words().stream().allMatch(line::contains))
                .map(Row::cause)
                .toList();
        assertEquals(1, found.size(), () -> found + " for " + line);
        assertEquals(
                cause,
                found.getFirst()
                        .substring(0, Math.min(cause.length(), found.getFirst().length())),
                line);
    }
}
