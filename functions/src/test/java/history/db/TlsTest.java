package history.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.auth.Caller;
import history.config.Variables;
import history.failure.Failure;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a certificate, and what is said of one that does not fit. */
final class TlsTest {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    private static PostgresServer server;

    @BeforeAll
    static void start() throws Exception {
        makeCertificateFor("localhost");
        server = PostgresServer.startTemporary(PostgresVersion.V18);
        try (var connection = server.connect("postgres", PostgresServer.SUPERUSER);
                var statement = connection.createStatement()) {
            statement.execute("alter system set ssl_cert_file = '" + folder.resolve("cert.pem") + "'");
            statement.execute("alter system set ssl_key_file = '" + folder.resolve("key.pem") + "'");
            statement.execute("alter system set ssl = on");
            statement.execute("create role history_functions login");
            statement.execute("select pg_reload_conf()");
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void makeCertificateFor(String host) throws Exception {
        var store = folder.resolve("store.p12");
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + host,
                        "-ext",
                        "san=dns:" + host,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .inheritIO()
                .start();
        assertEquals(0, keytool.waitFor());
        var keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        write("cert.pem", "CERTIFICATE", keys.getCertificate("server").getEncoded());
        write("key.pem", "PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded());
    }

    private static void write(String name, String what, byte[] content) throws IOException {
        var file = Files.writeString(
                folder.resolve(name),
                "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
                        .formatted(what, Base64.getMimeEncoder().encodeToString(content)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** Whether the connection is encrypted, or what the log would say. */
    private static String connecting(String host, String parameters) {
        var url = "postgresql://history_functions@%s:%d/postgres?%s".formatted(host, server.port(), parameters);
        try (var database = Variables.read(Map.of("DATABASE_URL", url), Database::from)) {
            return database.read(new Caller(UUID.randomUUID(), null), "select 1", rows -> "connected");
        } catch (Failure failure) {
            return failure.message();
        }
    }

    @Test
    void aCertificateThatFitsConnects() {
        var said = connecting("localhost", "sslmode=verify-full&sslrootcert=" + folder.resolve("cert.pem"));
        // Connected: the next thing that is missing is the schema.
        assertTrue(said.contains("schema history"), said);
    }

    @Test
    void oneOfAnotherHostSaysWhichHostAndWhy() {
        var said = connecting("127.0.0.1", "sslmode=verify-full&sslrootcert=" + folder.resolve("cert.pem"));
        assertTrue(said.startsWith("SQLSTATE 08"), said);
        assertTrue(said.contains("connecting to 127.0.0.1:" + server.port()), said);
        assertTrue(said.contains("hostname") && said.contains("could not be verified"), said);
    }

    @Test
    void oneOfAnUnknownIssuerSaysSo() {
        var said = connecting("localhost", "sslmode=verify-full");
        assertTrue(said.contains("connecting to localhost:" + server.port()), said);
        assertTrue(said.contains("PKIX path building failed"), said);
    }
}
