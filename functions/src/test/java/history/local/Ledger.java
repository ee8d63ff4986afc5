package history.local;

import java.sql.SQLException;

/**
 * The tenants and users that the local run made, by id, in schema {@code local_run} of the database itself.
 *
 * <p>A list and not a mark: where somebody's data is restored into such a database, or the other way round, it stays
 * somebody's.
 */
final class Ledger {
    private Ledger() {}

    /** Makes it where it is missing. */
    static void open(LocalDatabase database) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("""
                    create schema if not exists local_run;
                    create table if not exists local_run.tenants (id uuid primary key);
                    create table if not exists local_run.users (id uuid primary key)""");
        }
    }
}
