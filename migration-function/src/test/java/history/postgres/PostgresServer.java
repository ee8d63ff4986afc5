package history.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A running server that listens on the loopback only and trusts whoever connects.
 *
 * <p>Tests take the one of their JVM, {@link #shared}, and a {@link #createDatabase database} of their own in it.
 */
public final class PostgresServer implements AutoCloseable {
    /** The role the server is made with. */
    public static final String SUPERUSER = "postgres";

    private static final Map<PostgresVersion, PostgresServer> SHARED = new EnumMap<>(PostgresVersion.class);

    private final EmbeddedPostgres embedded;
    private final Optional<Path> temporary;
    private final Map<String, PostgresDatabase> templates = new HashMap<>();
    private @Nullable Connection administrator;

    private PostgresServer(EmbeddedPostgres embedded, Optional<Path> temporary) {
        this.embedded = embedded;
        this.temporary = temporary;
    }

    /** The server of this JVM: started by the first who asks, gone with its data when the JVM ends. */
    public static PostgresServer shared(PostgresVersion version) {
        synchronized (SHARED) {
            return SHARED.computeIfAbsent(version, PostgresServer::startTemporary);
        }
    }

    /** A server of one's own whose data is gone when it is closed; it trades durability for speed. */
    public static PostgresServer startTemporary(PostgresVersion version) {
        var folder = MemoryFolder.create();
        folder.ifPresent(it -> NewCluster.copyTo(it, version));
        return startTemporary(builder(version.binaries()), folder);
    }

    /** The PostgreSQL 15 that this machine has, with its extensions and JIT, as a server of one's own; empty where it has none. */
    public static Optional<PostgresServer> startInstalled() {
        // Its own folder for sockets is for the role postgres.
        return InstalledPostgres.exists()
                ? Optional.of(startTemporary(
                        builder(new InstalledPostgres()).setServerConfig("unix_socket_directories", ""),
                        MemoryFolder.create()))
                : Optional.empty();
    }

    private static PostgresServer startTemporary(EmbeddedPostgres.Builder builder, Optional<Path> folder) {
        builder.setServerConfig("fsync", "off")
                .setServerConfig("full_page_writes", "off")
                .setServerConfig("synchronous_commit", "off")
                .setServerConfig("max_wal_size", "256MB")
                .setServerConfig("autovacuum", "off");
        folder.ifPresent(it -> builder.setDataDirectory(it).setCleanDataDirectory(false));
        var server = start(builder, folder);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return server;
    }

    /**
     * A server whose data stays in a folder between starts.
     *
     * @param port 0 for any that is free
     * @throws IllegalStateException when another process uses the folder; the message says what to do
     */
    public static PostgresServer startIn(Path folder, PostgresVersion version, int port) {
        return startIn(folder, version, port, "127.0.0.1");
    }

    /** The same at more addresses, separated by commas. */
    public static PostgresServer startIn(Path folder, PostgresVersion version, int port, String addresses) {
        var data = DataFolder.claim(folder);
        NewCluster.copyTo(data, version);
        return startIn(data, builder(version.binaries()).setPort(port).setServerConfig("listen_addresses", addresses));
    }

    static PostgresServer startIn(Path data, EmbeddedPostgres.Builder builder) {
        var log = ProcessBuilder.Redirect.appendTo(new File(data + ".log"));
        builder.setDataDirectory(data)
                .setCleanDataDirectory(false)
                // The embedded server switches these off; here they keep what was acknowledged.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setOutputRedirector(log)
                .setErrorRedirector(log);
        return start(builder, Optional.empty());
    }

    static EmbeddedPostgres.Builder builder(PgBinaryResolver binaries) {
        return EmbeddedPostgres.builder()
                .setPgBinaryResolver(binaries)
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("encoding", "UTF8");
    }

    private static PostgresServer start(EmbeddedPostgres.Builder builder, Optional<Path> temporary) {
        try {
            return new PostgresServer(builder.start(), temporary);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return embedded.getPort();
    }

    /** For {@code DATABASE_URL}: {@code postgresql://user@127.0.0.1:port/database}. */
    public String url(String database, String user) {
        return "postgresql://%s@127.0.0.1:%d/%s".formatted(user, port(), database);
    }

    public Connection connect(String database, String user) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/%s?user=%s".formatted(port(), database, user));
    }

    /** An empty database with a name of its own, owned by the superuser. */
    public PostgresDatabase createDatabase() throws SQLException {
        return createDatabase("template1");
    }

    /**
     * A copy of a database that was prepared once for this server, in a tenth of a second.
     *
     * @param name what the preparation is called; the first caller's is run
     */
    public PostgresDatabase createDatabase(String name, Preparation preparation) throws Exception {
        return createDatabase(name, this::createDatabase, preparation);
    }

    /** The same, of which the preparation begins with another database. */
    public PostgresDatabase createDatabase(String name, Callable<PostgresDatabase> origin, Preparation preparation)
            throws Exception {
        synchronized (templates) {
            var template = templates.get(name);
            if (template == null) {
                template = origin.call();
                preparation.prepare(template);
                templates.put(name, template);
            }
            return createDatabase(template.name());
        }
    }

    private PostgresDatabase createDatabase(String template) throws SQLException {
        var name = "test_" + UUID.randomUUID().toString().replace("-", "").toLowerCase(Locale.ROOT);
        // The other strategy, which writes every page to the log, takes twice the time.
        administer("create database %s template %s strategy file_copy".formatted(name, template));
        return new PostgresDatabase(this, name);
    }

    /** Runs a statement on a connection that is kept: databases come and go by the hundred. */
    synchronized void administer(String sql) throws SQLException {
        if (administrator == null || administrator.isClosed()) {
            administrator = connect("postgres", SUPERUSER);
        }
        try (var statement = administrator.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Ends the server as a crash would: no checkpoint, no farewell to its clients. The data folder stays. */
    public void crash() {
        DataFolder.signal("QUIT", embedded.getProcess().toHandle());
        embedded.getProcess().onExit().join();
        close();
    }

    /** Stops the server cleanly; its clients are disconnected. */
    @Override
    public void close() {
        try {
            embedded.close();
            if (temporary.isPresent()) {
                // When the JVM ends, the embedded server closes itself, too, and perhaps is not done yet.
                embedded.getProcess().onExit().join();
                MemoryFolder.delete(temporary.get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fills a database that is then copied; must leave no connection open. */
    @FunctionalInterface
    public interface Preparation {
        void prepare(PostgresDatabase database) throws Exception;
    }
}
