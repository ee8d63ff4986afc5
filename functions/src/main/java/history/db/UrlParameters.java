package history.db;

import history.access.Trust;
import history.config.Loopback;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The harmless parameters of {@code DATABASE_URL}, as pgjdbc's properties. Any other is refused by its name, because many change
 * what the functions depend on: the search path, the role, the time limits, that no session keeps statements.
 */
final class UrlParameters {
    private static final List<String> TLS_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    /** By their names in pgjdbc and libpq. */
    private static final Map<String, String> ALLOWED = new TreeMap<>(Map.ofEntries(
            Map.entry("user", "user"),
            Map.entry("password", "password"),
            Map.entry("sslmode", "sslmode"),
            Map.entry("sslrootcert", "sslrootcert"),
            Map.entry("sslcert", "sslcert"),
            Map.entry("sslkey", "sslkey"),
            Map.entry("sslpassword", "sslpassword"),
            Map.entry("sslNegotiation", "sslNegotiation"),
            Map.entry("channelBinding", "channelBinding"),
            Map.entry("channel_binding", "channelBinding"),
            Map.entry("ApplicationName", "ApplicationName"),
            Map.entry("application_name", "ApplicationName"),
            Map.entry("connectTimeout", "connectTimeout"),
            Map.entry("connect_timeout", "connectTimeout"),
            Map.entry("tcpKeepAlive", "tcpKeepAlive"),
            Map.entry("targetServerType", "targetServerType")));

    private UrlParameters() {}

    /** @param hosts with their ports, separated by commas */
    static Map<String, String> of(@Nullable String query, String hosts) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            String name = decode(parts[0]);
            String property = ALLOWED.get(name);
            if (property == null || parts.length < 2) {
                throw new IllegalArgumentException("has the parameter " + name + ", which is not allowed; allowed: "
                        + String.join(", ", ALLOWED.keySet()) + ", each with a value");
            }
            properties.put(property, decode(parts[1]));
        }
        secure(properties, hosts);
        return properties;
    }

    /** Requires TLS beyond the loopback, unless the URL says otherwise. */
    private static void secure(Map<String, String> properties, String hosts) {
        boolean isLocal = Arrays.stream(hosts.split(",", -1))
                .map(host -> host.replaceFirst(":\\d*$", ""))
                .allMatch(Loopback::is);
        Trust.complete(properties, hosts);
        String mode = properties.computeIfAbsent("sslmode", name -> isLocal ? "prefer" : "require");
        if (!TLS_MODES.contains(mode)) {
            throw new IllegalArgumentException(
                    "has sslmode=" + mode + "; it must be one of " + String.join(", ", TLS_MODES));
        }
        String root = properties.get("sslrootcert");
        if (root != null && !Files.isReadable(Path.of(root))) {
            throw new IllegalArgumentException("has sslrootcert=" + root + ", which is no file that can be read");
        }
    }

    static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
