package history.isolation;

import history.postgres.PostgresDatabase;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real PgBouncer in transaction mode with one connection to the server, or a few. */
final class PgBouncer implements AutoCloseable {
    private final Process process;
    private final int port;
    private final String database;

    private PgBouncer(Process process, int port, String database) {
        this.process = process;
        this.port = port;
        this.database = database;
    }

    static Optional<Path> find() {
        var path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin:/opt/homebrew/bin";
        return Stream.of(path.split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** It refuses to run as root, so for root it becomes nobody. */
    static PgBouncer start(Path program, Path folder, PostgresDatabase database, String user, int servers)
            throws Exception {
        int port = freePort();
        var settings = folder.resolve("pgbouncer.ini");
        Files.writeString(
                settings, """
                [databases]
                %s = host=127.0.0.1 port=%d user=%s
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = %d
                max_client_conn = 200
                ignore_startup_parameters = extra_float_digits
                """.formatted(database.name(), database.server().port(), user, port, servers));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> command = new ArrayList<>(List.of(program.toString()));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(settings.toString());
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        var bouncer = new PgBouncer(process, port, database.name());
        bouncer.await(user, folder);
        return bouncer;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void await(String user, Path folder) throws Exception {
        var until = Instant.now().plus(Duration.ofSeconds(20));
        while (true) {
            try {
                connect(user).close();
                return;
            } catch (SQLException notYet) {
                if (process.waitFor(50, TimeUnit.MILLISECONDS) || Instant.now().isAfter(until)) {
                    close();
                    throw new IllegalStateException(Files.readString(folder.resolve("log")), notYet);
                }
            }
        }
    }

    String url(String user) {
        return "postgresql://%s@127.0.0.1:%d/%s".formatted(user, port, database);
    }

    Connection connect(String user) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:%s?prepareThreshold=0&sslmode=disable".formatted(url(user).replace(user + "@", "")) + "&user="
                        + user);
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
