package history.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** One database of a server; dropped when closed. */
public record PostgresDatabase(PostgresServer server, String name) implements AutoCloseable {
    public String url(String user) {
        return server.url(name, user);
    }

    /** What a function gets: {@code DATABASE_URL} for this role. */
    public Map<String, String> environment(String user) {
        return Map.of("DATABASE_URL", url(user));
    }

    public Connection connect(String user) throws SQLException {
        return server.connect(name, user);
    }

    /** Runs statements as the superuser, in one simple query. */
    public void execute(String sql) throws SQLException {
        try (var connection = connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Lets a role make schemas, which a copy does not have from what it was copied of. */
    public void grantCreate(String role) throws SQLException {
        server.administer("grant create on database %s to %s".formatted(name, role));
    }

    @Override
    public void close() throws SQLException {
        server.administer("drop database if exists %s with (force)".formatted(name));
    }
}
