package history.local;

import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The database of the local run: an embedded server whose data stays in the data folder, or one that runs elsewhere. */
sealed interface LocalDatabase extends AutoCloseable {
    /** The login role of the functions, as the migration makes it. */
    String FUNCTIONS_ROLE = "history_functions";

    /** SQLSTATE. */
    String INVALID_PASSWORD = "28P01";

    /** {@code DATABASE_URL} of the functions. */
    String functionsUrl();

    Connection connect() throws SQLException;

    /** Whether everything in it may be taken for the local run's own. */
    boolean isOurs();

    /** What the migration is told: the owner's address, and the password that the functions will log in with. */
    Map<String, String> migrationEnvironment();

    @Override
    void close();

    /** Starts the embedded server, or makes sure that the other one can be used. */
    static LocalDatabase open(Settings settings) throws IOException, SQLException {
        var url = settings.databaseUrl();
        if (settings.rehearses()) {
            return Embedded.startAfresh(settings.dataFolder().resolve("rehearsal"), settings.containers());
        } else if (url == null) {
            return Embedded.start(settings.dataFolder(), settings.containers());
        }
        var owner = DatabaseUrl.parse(url);
        if (!owner.toString().equals(settings.allowed())) {
            refuseOthers(owner);
        }
        return Remote.of(owner, functionsPassword(settings));
    }

    private static void refuseOthers(DatabaseUrl owner) throws SQLException {
        try (var connection = owner.connect()) {
            var others = Others.in(connection);
            if (!others.isEmpty()) {
                throw new IllegalArgumentException(
                        "%1$s holds what the local run did not make: %2$s. Nothing was changed. To migrate and use it all the same: LOCAL_DATABASE_ALLOW=%1$s"
                                .formatted(owner, String.join(", ", others)));
            }
        }
    }

    private static String functionsPassword(Settings settings) throws IOException {
        var password = settings.functionsPassword();
        return password == null
                ? Secrets.keep(
                        settings.dataFolder().resolve("functions-password"),
                        () -> UUID.randomUUID().toString())
                : password;
    }

    /** Trusts whoever connects from this machine; whoever else may, in the networks that it is in, needs a password. */
    record Embedded(PostgresServer server, String name) implements LocalDatabase {
        static Embedded start(Path dataFolder, @Nullable String containers) throws IOException {
            var data = dataFolder.resolve("postgres");
            if (!Files.exists(data)) {
                Files.createDirectories(dataFolder);
                System.out.println("Making a PostgreSQL in %s, which stays until you delete it.".formatted(data));
            }
            var addresses =
                    containers == null || containers.equals("127.0.0.1") ? "127.0.0.1" : "127.0.0.1," + containers;
            return new Embedded(PostgresServer.startIn(data, PostgresVersion.V18, 0, addresses), "postgres");
        }

        /** With a database that is new each time. */
        static Embedded startAfresh(Path dataFolder, @Nullable String containers) throws IOException, SQLException {
            var embedded = new Embedded(start(dataFolder, containers).server(), "rehearsal");
            try {
                embedded.makeAnew();
                return embedded;
            } catch (SQLException e) {
                embedded.close();
                throw e;
            }
        }

        /** Empty, whoever is connected to it. */
        void makeAnew() throws SQLException {
            try (var connection = new Embedded(server, "postgres").connect();
                    var statement = connection.createStatement()) {
                statement.execute("drop database if exists %s with (force)".formatted(name));
                statement.execute("create database " + name);
            }
        }

        @Override
        public boolean isOurs() {
            return true;
        }

        @Override
        public Map<String, String> migrationEnvironment() {
            return Map.of("DATABASE_URL", server.url(name, PostgresServer.SUPERUSER));
        }

        @Override
        public String functionsUrl() {
            return server.url(name, FUNCTIONS_ROLE);
        }

        /** For {@code psql}. */
        @Override
        public String toString() {
            return server.url(name, PostgresServer.SUPERUSER);
        }

        @Override
        public Connection connect() throws SQLException {
            return server.connect(name, PostgresServer.SUPERUSER);
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /**
     * A server that somebody else runs.
     *
     * @param hadRole whether the login role of the functions was there before: somebody may use it, so it keeps its password
     */
    record Remote(DatabaseUrl owner, DatabaseUrl functions, boolean hadRole) implements LocalDatabase {
        static Remote of(DatabaseUrl owner, String password) throws SQLException {
            var functions = owner.as(FUNCTIONS_ROLE, password);
            try (var connection = owner.connect();
                    var statement = connection.prepareStatement("select 1 from pg_roles where rolname = ?")) {
                statement.setString(1, FUNCTIONS_ROLE);
                try (var rows = statement.executeQuery()) {
                    var hadRole = rows.next();
                    if (hadRole) {
                        requireLogin(functions);
                    }
                    return new Remote(owner, functions, hadRole);
                }
            }
        }

        private static void requireLogin(DatabaseUrl functions) throws SQLException {
            try {
                functions.connect().close();
            } catch (SQLException e) {
                if (INVALID_PASSWORD.equals(e.getSQLState())) {
                    throw new IllegalArgumentException(
                            "%s has a role %s already: set FUNCTIONS_PASSWORD to its password."
                                    .formatted(functions, FUNCTIONS_ROLE),
                            e);
                }
                throw e;
            }
        }

        @Override
        public boolean isOurs() {
            return false;
        }

        @Override
        public Map<String, String> migrationEnvironment() {
            var password = hadRole ? "" : Objects.requireNonNullElse(functions.password(), "");
            return Map.of("DATABASE_URL", owner.url(), "FUNCTIONS_PASSWORD", password);
        }

        @Override
        public String toString() {
            return owner.toString();
        }

        @Override
        public String functionsUrl() {
            return functions.url();
        }

        @Override
        public Connection connect() throws SQLException {
            return owner.connect();
        }

        @Override
        public void close() {}
    }
}
