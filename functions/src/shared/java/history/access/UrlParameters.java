package history.access;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
public final class UrlParameters {
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

    /**
     * Throws with everything that is wrong.
     *
     * @param hosts with their ports, separated by commas
     */
    public static Map<String, String> of(@Nullable String query, String hosts) {
        Map<String, String> properties = new LinkedHashMap<>();
        List<String> refused = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            String[] parts = pair.split("=", 2);
            String name = decode(parts[0]);
            String property = ALLOWED.get(name);
            if (property == null || parts.length < 2) {
                refused.add(name);
            } else {
                properties.put(property, decode(parts[1]));
            }
        }
        if (!refused.isEmpty()) {
            problems.add("has parameters that are not allowed: " + String.join(", ", refused) + "; allowed: "
                    + String.join(", ", ALLOWED.keySet()) + ", each with a value");
        }
        secure(properties, hosts, problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; it ", problems));
        }
        return properties;
    }

    /** Requires TLS beyond the loopback, unless the URL says otherwise. */
    private static void secure(Map<String, String> properties, String hosts, List<String> problems) {
        boolean isLocal = Arrays.stream(hosts.split(",", -1))
                .map(host -> host.replaceFirst(":\\d*$", ""))
                .allMatch(Loopback::is);
        Trust.complete(properties, hosts);
        String mode = properties.computeIfAbsent("sslmode", name -> isLocal ? "prefer" : "require");
        if (!TLS_MODES.contains(mode)) {
            problems.add("has sslmode=" + mode + ", which must be one of " + String.join(", ", TLS_MODES));
        }
        String root = properties.get("sslrootcert");
        if (root != null && !Files.isReadable(Path.of(root))) {
            problems.add("has sslrootcert=" + root + ", which is not a readable file");
        }
    }

    public static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
