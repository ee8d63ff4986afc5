package history.migration;

import static org.junit.jupiter.api.Assertions.assertTrue;

import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** What the catalogue says of everything that belongs to the migration, a line an object. */
record CatalogueListing(List<String> lines) {
    static CatalogueListing of(PostgresDatabase database) throws SQLException, IOException {
        try (var connection = database.connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement()) {
            // Names come with their schema.
            statement.execute("set search_path = ''");
            return new CatalogueListing(OldDatabase.query(connection, OldDatabase.resource("catalogue_listing.sql")));
        }
    }

    /** Fails with the lines that are not the same. */
    static void assertSame(CatalogueListing wanted, CatalogueListing found) {
        var different = Stream.concat(
                        wanted.lines.stream()
                                .filter(line -> !found.lines.contains(line))
                                .map(line -> "- " + line),
                        found.lines.stream()
                                .filter(line -> !wanted.lines.contains(line))
                                .map(line -> "+ " + line))
                .toList();
        assertTrue(different.isEmpty(), () -> "missing (-) and too much (+):\n" + String.join("\n", different));
    }
}
