package history.access;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.sql.DriverManager;
import java.sql.SQLException;
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
        if (hosts.matches("(|.*,)([,:].*)?")) {
            throw new IllegalArgumentException("must be " + FORM + "; it lacks a host");
        }
        String jdbc = "jdbc:postgresql://" + hosts + uri.getRawPath();
        List<String> problems = new ArrayList<>();
        Map<String, String> given = new LinkedHashMap<>();
        String[] credentials = at < 0 ? new String[0] : authority.substring(0, at).split(":", 2);
        for (int i = 0; i < credentials.length; i++) {
            given.put(i == 0 ? "user" : "password", decode(credentials[i]));
        }
        parameters(uri.getRawQuery(), given, problems);
        files(given, problems);
        secure(given, hosts);
        Properties properties = new Properties();
        properties.putAll(defaults);
        properties.putAll(given);
        values(jdbc, properties, problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; it ", problems));
        }
        return new DatabaseAddress(
                jdbc, hosts, properties, properties.containsKey("password") ? Optional.empty() : login);
    }

    private static URI parse(String url) {
        try {
            URI uri = new URI(url.replaceFirst("^jdbc:", "").replaceFirst("^postgres:", "postgresql:"));
            if ("postgresql".equals(uri.getScheme())
                    && uri.getRawAuthority() != null
                    && uri.getRawFragment() == null
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

    private static void parameters(@Nullable String query, Map<String, String> given, List<String> problems) {
        List<String> refused = new ArrayList<>();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            String[] parts = pair.split("=", 2);
            String name = decode(parts[0]);
            String property = ALLOWED.get(name);
            if (property == null || parts.length < 2) {
                refused.add(name);
            } else if (given.putIfAbsent(property, decode(parts[1])) != null) {
                problems.add("gives " + property + " twice");
            }
        }
        if (!refused.isEmpty()) {
            problems.add("has parameters that are not allowed: " + String.join(", ", refused) + "; allowed: "
                    + String.join(", ", ALLOWED.keySet()) + ", each with a value");
        }
    }

    private static void files(Map<String, String> given, List<String> problems) {
        for (String name : List.of("sslrootcert", "sslcert", "sslkey")) {
            String path = given.get(name);
            if (path != null && !isReadable(path, !name.equals("sslkey"))) {
                problems.add("has " + name + "=" + path + ", which is not a readable file with a "
                        + (name.equals("sslkey") ? "key" : "certificate"));
            }
        }
    }

    private static boolean isReadable(String path, boolean isCertificate) {
        try (var file = Files.newInputStream(Path.of(path))) {
            return isCertificate
                    ? !CertificateFactory.getInstance("X.509")
                            .generateCertificates(file)
                            .isEmpty()
                    : file.read() >= 0;
        } catch (IOException | CertificateException | InvalidPathException e) {
            return false;
        }
    }

    /** Requires TLS beyond the loopback, unless the URL says otherwise. */
    private static void secure(Map<String, String> given, String hosts) {
        boolean isLocal = Arrays.stream(hosts.split(",", -1))
                .map(host -> host.replaceFirst(":\\d*$", ""))
                .allMatch(Loopback::is);
        Trust.complete(given, hosts);
        given.putIfAbsent("sslmode", isLocal ? "prefer" : "require");
    }

    /** The driver itself knows the words that a property may have; it reads numbers and yes or no only when it connects. */
    private static void values(String jdbc, Properties properties, List<String> problems) {
        try {
            for (var known : DriverManager.getDriver(jdbc).getPropertyInfo(jdbc, properties)) {
                if (known.value != null
                        && known.choices != null
                        && !List.of(known.choices).contains(known.value)) {
                    problems.add("has " + known.name + "=" + known.value + ", which must be one of "
                            + String.join(", ", known.choices));
                }
            }
        } catch (SQLException e) {
            problems.add("must be " + FORM + ", a port 1 to 65535");
        }
        String keepAlive = properties.getProperty("tcpKeepAlive", "true");
        if (!keepAlive.matches("true|false")) {
            problems.add("has tcpKeepAlive=" + keepAlive + ", which must be true or false");
        }
        String seconds = properties.getProperty("connectTimeout", "0");
        if (!seconds.matches("\\d{1,4}")) {
            problems.add("has connectTimeout=" + seconds + ", which must be a number of seconds, 0 to 9999");
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
