package history.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Answer;
import history.fixture.Api;
import history.fixture.Call;
import history.fixture.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a server that speaks TLS, with a certificate for 127.0.0.1 that it signed itself. */
final class TlsTest {
    private static final World WORLD = World.create();

    @TempDir
    private static Path folder;

    @BeforeAll
    static void encrypt() throws Exception {
        certificate("server");
        certificate("other");
        configure("set ssl_cert_file = '%s'".formatted(folder.resolve("server.pem")));
        configure("set ssl_key_file = '%s'".formatted(folder.resolve("server.key")));
        configure("set ssl = on");
        WORLD.execute("select pg_reload_conf()");
    }

    /** The server serves other tests, too. */
    @AfterAll
    static void close() throws SQLException {
        for (String setting : List.of("ssl", "ssl_cert_file", "ssl_key_file")) {
            configure("reset " + setting);
        }
        WORLD.execute("select pg_reload_conf()");
        WORLD.close();
    }

    private static void configure(String setting) throws SQLException {
        WORLD.execute("alter system " + setting);
    }

    private static void certificate(String name) throws IOException, GeneralSecurityException, InterruptedException {
        Path store = folder.resolve(name + ".p12");
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-ext",
                        "bc=ca:true",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), said);
        var keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        pem(name + ".pem", "CERTIFICATE", keys.getCertificate(name).getEncoded());
        pem(
                name + ".key",
                "PRIVATE KEY",
                keys.getKey(name, "changeit".toCharArray()).getEncoded());
    }

    private static void pem(String file, String type, byte[] der) throws IOException {
        var text = Base64.getMimeEncoder().encodeToString(der);
        Path path = folder.resolve(file);
        Files.writeString(path, "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(type, text));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    private static Answer list(String host, String parameters) {
        var environment = WORLD.environment();
        environment.computeIfPresent(
                "DATABASE_URL", (name, url) -> url.replace("127.0.0.1", host).replaceFirst("\\?.*", "?" + parameters));
        return new Api(environment).call(Call.get("/api/conversations").as(WORLD.ada()));
    }

    @Test
    void connectsWhereTheCertificateIsRight() throws SQLException {
        String root = "&sslrootcert=" + folder.resolve("server.pem");
        for (String parameters : List.of(
                "sslmode=require", "sslmode=verify-full" + root, "sslmode=verify-ca" + root, "application_name=x")) {
            assertEquals(200, list("127.0.0.1", parameters).status(), parameters);
        }
        try (var connection = WORLD.database().connect("postgres");
                var rows = connection.createStatement().executeQuery("""
                        select bool_and(s.ssl) from pg_stat_ssl s join pg_stat_activity a using (pid)
                        where a.usename = 'history_functions' and a.datname = current_database()""")) {
            rows.next();
            assertTrue(rows.getBoolean(1), "every connection is encrypted");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, verify-full, other.pem, valid certification path",
        "127.0.0.1, verify-ca, other.pem, valid certification path",
        "localhost, verify-full, server.pem, hostname localhost could not be verified",
        "127.0.0.1, verify-full, '', valid certification path"
    })
    void saysWhyItDoesNotConnect(String host, String mode, String root, String reason) {
        var log = new Log();
        Logger.getLogger("").addHandler(log);
        try {
            var file = root.isEmpty() ? "" : "&sslrootcert=" + folder.resolve(root);
            Answer answer = list(host, "sslmode=" + mode + file);
            assertEquals(503, answer.status(), answer.body());
            assertTrue(answer.header("retry-after").isPresent());
            assertFalse(answer.body().contains(host), answer.body());
        } finally {
            Logger.getLogger("").removeHandler(log);
        }
        String line = log.messages().getLast();
        assertTrue(line.contains("SQLSTATE 08006"), line);
        assertTrue(
                line.contains("connecting to " + host + ":"
                        + WORLD.database().server().port()),
                line);
        assertTrue(line.contains(reason), line);
    }

    private static final class Log extends Handler {
        private final List<String> messages = new CopyOnWriteArrayList<>();

        List<String> messages() {
            return messages;
        }

        @Override
        public void publish(LogRecord entry) {
            if (String.valueOf(entry.getLoggerName()).startsWith("history.")) {
                messages.add(entry.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
