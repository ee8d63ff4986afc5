package history.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * By which roots the certificate of a database is checked: those of the issuer that its host belongs to, else those that the
 * Java runtime trusts.
 */
public final class Trust {
    /** A proxy has a public certificate. */
    private static final Pattern RDS =
            Pattern.compile("(?!.*\\.proxy-).+\\.([a-z]+(?:-[a-z]+)+-\\d)\\.rds\\.amazonaws\\.com");

    private static final Pattern SUPABASE = Pattern.compile(".+\\.supabase\\.(?:co|com)");

    private Trust() {}

    /**
     * Completes pgjdbc's properties: {@code verify-full} where the issuer is known and no mode is asked for; and the roots, where
     * a certificate is verified and no {@code sslrootcert} is named.
     *
     * @param hosts with their ports, separated by commas
     */
    public static void complete(Map<String, String> properties, String hosts) {
        var roots = roots(hosts.split(",", 2)[0].replaceFirst(":\\d*$", ""));
        roots.ifPresent(known -> properties.putIfAbsent("sslmode", "verify-full"));
        boolean verifies = properties.getOrDefault("sslmode", "").startsWith("verify");
        if (!verifies || properties.containsKey("sslrootcert")) {
            return;
        }
        if (roots.isPresent()) {
            properties.put("sslrootcert", file(roots.get()));
        } else {
            // The host name is checked all the same by verify-full.
            properties.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
    }

    /** The resource with the roots of the host's issuer. */
    private static Optional<String> roots(String host) {
        var rds = RDS.matcher(host);
        var name = rds.matches() ? rds.group(1) : SUPABASE.matcher(host).matches() ? "supabase" : "";
        return Optional.of("roots/" + name + ".pem").filter(it -> Trust.class.getResource(it) != null);
    }

    /** A copy on the disk, since the driver reads no other. */
    private static String file(String resource) {
        try (var roots = Objects.requireNonNull(Trust.class.getResourceAsStream(resource))) {
            var file = Files.createTempFile("roots", ".pem");
            file.toFile().deleteOnExit();
            Files.write(file, roots.readAllBytes());
            return file.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
