package history.access;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is and who connects, from {@code DATABASE_URL}.
 *
 * @param url for JDBC, without user, password and parameters
 * @param hosts with their ports, separated by commas
 * @param properties pgjdbc's, user and password among them
 * @param login where the password comes from, when the URL has none
 */
public record DatabaseAddress(String url, String hosts, Properties properties, Optional<Login> login) {
    public static final String FORM =
            "postgresql://user:password@host:port/database?sslmode=… or the jdbc:postgresql: form";

    private static final List<String> TLS_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    /**
     * The harmless parameters, by their names in pgjdbc and libpq. Any other is refused by its name, because many change what the
     * functions depend on: the search path, the role, the time limits, that no session keeps statements.
     */
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

    /**
     * Reads a URL.
     *
     * @param defaults pgjdbc's properties that a parameter may replace
     * @throws IllegalArgumentException with everything that is wrong, without the password
     */
    public static DatabaseAddress of(String url, Properties defaults, Optional<Login> login) {
        URI uri = parse(url.strip());
        // java.net.URI does not separate the user from several hosts.
        String authority = uri.getRawAuthority();
        int at = authority.lastIndexOf('@');
        String hosts = authority.substring(at + 1);
        Properties properties = new Properties();
        properties.putAll(defaults);
        String[] credentials = at < 0 ? new String[0] : authority.substring(0, at).split(":", 2);
        for (int i = 0; i < credentials.length; i++) {
            properties.setProperty(i == 0 ? "user" : "password", decode(credentials[i]));
        }
        properties.putAll(parameters(uri.getRawQuery(), hosts));
        return new DatabaseAddress(
                "jdbc:postgresql://" + hosts + uri.getRawPath(),
                hosts,
                properties,
                properties.containsKey("password") ? Optional.empty() : login);
    }

    private static URI parse(String url) {
        try {
            URI uri = new URI(url.replaceFirst("^jdbc:", "").replaceFirst("^postgres:", "postgresql:"));
            if ("postgresql".equals(uri.getScheme())
                    && uri.getRawAuthority() != null
                    && uri.getRawPath() != null
                    && uri.getRawPath().length() > 1) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Its message would repeat the password.
            throw new IllegalArgumentException("must be " + FORM + "; special characters are percent-encoded");
        }
        throw new IllegalArgumentException("must be " + FORM);
    }

    private static Map<String, String> parameters(@Nullable String query, String hosts) {
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

    /**
     * The properties with the current password, if it can be read in time.
     *
     * @param failed how many attempts to connect have failed before
     */
    public Properties login(int failed, Duration limit) throws IOException {
        var all = new Properties();
        all.putAll(properties);
        if (login.isPresent()) {
            all.putAll(login.get().properties(hosts, all.getProperty("user", ""), failed, limit));
        }
        return all;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
