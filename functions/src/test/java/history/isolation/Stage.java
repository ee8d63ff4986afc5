package history.isolation;

import history.migration.Action;
import history.migration.Migration;
import history.migration.Report;
import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** How far a database with old chat sessions of two tenants is migrated. */
enum Stage {
    /** Both names are in use: the tables, and the view and the mirrors for the old application. */
    MIGRATED,
    /** The view, the mirrors and the arrays are gone. */
    COMPLETE;

    /** A database of one's own in this stage, with the rows of {@link Rows} and a role that logs in as PostgREST does. */
    PostgresDatabase database(PostgresVersion version) throws Exception {
        return PostgresServer.shared(version).createDatabase("isolation " + this, this::prepare);
    }

    private void prepare(PostgresDatabase database) throws Exception {
        database.execute(resource("phase-0.sql"));
        var migration = Migration.of(database.environment(PostgresServer.SUPERUSER));
        succeeded(migration.run(Action.MIGRATE));
        if (this == COMPLETE) {
            var confirm = String.valueOf(migration.run(Action.STATUS).confirm());
            succeeded(migration.run(Action.COMPLETE, confirm));
        }
        database.execute("update public.conversations set labels = '{x}'");
        database.execute(resource("probe.sql"));
    }

    private static void succeeded(Report report) {
        if (!report.succeeded()) {
            throw new IllegalStateException(report.json());
        }
    }

    /** The table of what is expected here. */
    String expected() throws IOException {
        return resource("matrix-" + toString().toLowerCase(Locale.ROOT) + ".txt");
    }

    static String resource(String name) throws IOException {
        try (var resource = Stage.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IOException("there is no " + name);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
