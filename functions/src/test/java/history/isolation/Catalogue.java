package history.isolation;

import history.migration.Migration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The gate over the catalogue: the query that the migration's {@code status} runs in production. */
final class Catalogue {
    private Catalogue() {}

    static List<String> findings(Connection superuser) throws SQLException, IOException {
        List<String> findings = new ArrayList<>();
        try (var statement = superuser.createStatement();
                var rows = statement.executeQuery(query())) {
            while (rows.next()) {
                findings.add(rows.getString(1) + ": " + rows.getString(2));
            }
        }
        return findings;
    }

    private static String query() throws IOException {
        try (var query = Migration.class.getResourceAsStream("/history/check/catalogue.sql")) {
            if (query == null) {
                throw new IOException("the migration has no catalogue.sql");
            }
            return new String(query.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
