package history.releases;

import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** The list that a release keeps of what its functions use of the schema, and what a database lacks of it. */
record SchemaNeeds(List<String> lines) {
    private static final Pattern LINE = Pattern.compile("(\\w+) ([^ (]+)(?:\\((.*)\\))? = (.*)");

    static SchemaNeeds of(String release) throws IOException {
        try (var file = Objects.requireNonNull(SchemaNeeds.class.getResourceAsStream(release + "/schema.txt"))) {
            return new SchemaNeeds(new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList());
        }
    }

    SchemaNeeds without(String relation) {
        return new SchemaNeeds(
                lines.stream().filter(line -> !line.contains(relation)).toList());
    }

    List<String> missingIn(PostgresDatabase database) throws SQLException {
        var missing = new ArrayList<String>();
        try (var connection = database.connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement()) {
            statement.execute("set role authenticated");
            for (var line : lines) {
                var parts = LINE.matcher(line);
                if (!parts.matches()) {
                    throw new IllegalArgumentException(line);
                }
                missing.addAll(missing(connection, parts.group(1), parts.group(2), parts.group(3), parts.group(4)));
            }
        }
        return missing;
    }

    private static List<String> missing(
            Connection connection, String use, String name, String arguments, String columns) throws SQLException {
        var found = new ArrayList<String>();
        var from = name;
        if (use.equals("call")) {
            from += arguments.isEmpty() ? "()" : "(null::" + arguments.replace(", ", ", null::") + ")";
        }
        // No row is asked for, so no function is run; whether it may be is asked all the same.
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select * from %s limit 0".formatted(from))) {
            var data = rows.getMetaData();
            for (var i = 1; i <= data.getColumnCount(); i++) {
                found.add(data.getColumnName(i) + " " + data.getColumnTypeName(i));
            }
        } catch (SQLException refused) {
            return List.of("%s %s: %s".formatted(use, from, refused.getMessage()));
        }
        var missing = new ArrayList<String>();
        for (var column : columns.split(", ", -1)) {
            if (!found.contains(column) || !(use.equals("call") || may(connection, use, name, column))) {
                missing.add("%s %s: %s".formatted(use, from, column));
            }
        }
        return missing;
    }

    private static boolean may(Connection connection, String use, String relation, String column) throws SQLException {
        var privilege = use.equals("delete")
                ? "has_table_privilege('%s', 'delete')".formatted(relation)
                : "has_column_privilege('%s', '%s', '%s')".formatted(relation, column.split(" ", -1)[0], use);
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("select " + privilege)) {
            rows.next();
            return rows.getBoolean(1);
        }
    }
}
