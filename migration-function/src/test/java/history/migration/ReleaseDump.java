package history.migration;

import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A database as an earlier release left it; {@code releases/README.md} tells how it was made.
 *
 * @param phase in which it was, or {@code fresh}: complete from the beginning
 */
public record ReleaseDump(String release, PostgresVersion version, String phase) {
    /** Who owns the tables: no superuser, and bound by the policies. */
    public static final String OWNER = "owner_plain";

    private static final List<String> RELEASES = List.of("245c4fe");

    /** All there are of these phases, of every release and server. */
    public static Stream<ReleaseDump> of(String... phases) {
        return RELEASES.stream()
                .flatMap(release -> Arrays.stream(PostgresVersion.values())
                        .flatMap(version ->
                                Arrays.stream(phases).map(phase -> new ReleaseDump(release, version, phase))));
    }

    /** A database of its own with everything in it. */
    public PostgresDatabase restore() throws Exception {
        return restore("restored", it -> {});
    }

    /** The same, with something done to it that has that name and is done once for all copies. */
    public PostgresDatabase restore(String name, PostgresServer.Preparation preparation) throws Exception {
        var database = PostgresServer.shared(version).createDatabase(name + ": " + this, it -> {
            restoreInto(it);
            it.grantCreate(OWNER);
            preparation.prepare(it);
        });
        database.grantCreate(OWNER);
        return database;
    }

    /** In an empty database. */
    public void restoreInto(PostgresDatabase database) throws SQLException, IOException {
        restore(
                database,
                OldDatabase.resource("releases/%s/%s/%s.sql"
                        .formatted(release, version.name().substring(1), phase)));
    }

    /** Makes the roles and runs the dump as one simple query: the driver's own splitting does not know every statement. */
    public static void restore(PostgresDatabase database, String dump) throws SQLException, IOException {
        database.execute(OldDatabase.resource("releases/roles.sql"));
        var url = "jdbc:" + database.url("").replace("@", "") + "?preferQueryMode=simple&user="
                + PostgresServer.SUPERUSER;
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute(dump);
        }
    }

    boolean isComplete() {
        return phase.equals("complete") || phase.equals("fresh");
    }

    @Override
    public String toString() {
        return "%s on %s, %s".formatted(release, version, phase);
    }
}
