package history.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The file of the migration by hand, made of the sources. */
final class ByHandFile {
    /** Quoted text, comments and bodies in dollars: a semicolon in them ends nothing. */
    private static final Pattern TOKEN = Pattern.compile("(?s)'[^']*'|\\$(\\w*)\\$.*?\\$\\1\\$|--[^\\n]*\\n|.");

    private ByHandFile() {}

    static String made() {
        var files = Stream.concat(Preflight.THEMES.stream(), Stream.of(Preflight.ROWS))
                .map(Preflight::sql);
        var preflight = Stream.concat(files, SqlFile.TEAM.stream().map(SqlFile::findings))
                .map(question -> "$question$\n" + question.strip() + "\n$question$")
                .collect(Collectors.joining(",\n"));
        return SqlFile.text("by_hand.sql")
                .replace("{preflight}", preflight)
                .replace("{definitions}", "execute $statement$\n" + Definitions.STATEMENT + "$statement$;");
    }

    /** As psql sends it. */
    static List<String> statements() {
        var statements = new ArrayList<String>();
        var statement = new StringBuilder();
        var tokens = TOKEN.matcher(made());
        while (tokens.find()) {
            statement.append(tokens.group());
            if (tokens.group().equals(";")) {
                statements.add(statement.toString());
                statement.setLength(0);
            }
        }
        return statements;
    }
}
