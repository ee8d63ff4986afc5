package history.db;

import history.config.Variables;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is and who logs in.
 *
 * @param jdbcUrl without user and password
 * @param properties pgjdbc's, user and password among them; those in the URL win over ours
 * @param secret where the password is, when the URL has none
 * @param poolSize connections at the most; a function serves one call at a time and needs one
 */
record DatabaseConfig(String jdbcUrl, Properties properties, Optional<DatabaseSecret> secret, int poolSize) {
    private static final String ALLOWED =
            "postgresql://user:password@host:port/database?sslmode=… or the jdbc:postgresql: form";

    static DatabaseConfig from(Variables variables) {
        var secret = DatabaseSecret.from(variables);
        int poolSize = variables.number("DATABASE_POOL_SIZE", 1, 1, 99);
        variables.required("DATABASE_URL", ALLOWED);
        return variables
                .value("DATABASE_URL", url -> of(url.strip(), secret, poolSize))
                .orElseGet(() -> new DatabaseConfig("", new Properties(), secret, poolSize));
    }

    private static DatabaseConfig of(String url, Optional<DatabaseSecret> secret, int poolSize) {
        URI uri = parse(url);
        Properties properties = defaults();
        credentials(uri.getRawUserInfo(), properties);
        parameters(uri.getRawQuery()).forEach(properties::setProperty);
        if (properties.getProperty("user") == null) {
            throw new IllegalArgumentException("must name a user: " + ALLOWED);
        }
        boolean hasPassword = properties.getProperty("password") != null;
        String hosts = uri.getRawAuthority().substring(uri.getRawAuthority().lastIndexOf('@') + 1);
        return new DatabaseConfig(
                "jdbc:postgresql://" + hosts + uri.getRawPath(),
                properties,
                hasPassword ? Optional.empty() : secret,
                poolSize);
    }

    /** The properties with what the secret holds just now. */
    Properties login() {
        var login = new Properties();
        login.putAll(properties);
        secret.ifPresent(kept -> login.putAll(kept.read()));
        return login;
    }

    private static URI parse(String url) {
        String plain = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
        try {
            URI uri = new URI(plain.replaceFirst("^postgres:", "postgresql:"));
            boolean complete = "postgresql".equals(uri.getScheme())
                    && uri.getRawAuthority() != null
                    && uri.getRawPath() != null
                    && uri.getRawPath().length() > 1;
            if (complete) {
                return uri;
            }
        } catch (URISyntaxException malformed) {
            // Its message would repeat the password.
        }
        throw new IllegalArgumentException("must be " + ALLOWED);
    }

    /**
     * Server-side prepared statements stay off: behind a transaction pooler the next statement meets another server.
     * Whatever hangs ends before the gateway's 30 s: the server stops a statement after 8 s (see {@link Database}), the
     * socket a silent server after 10.
     */
    private static Properties defaults() {
        var properties = new Properties();
        properties.setProperty("prepareThreshold", "0");
        properties.setProperty("connectTimeout", "3");
        properties.setProperty("socketTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "conversation-history");
        properties.setProperty("assumeMinServerVersion", "15");
        // A text argument takes the type of what it is for: no casts in a call.
        properties.setProperty("stringtype", "unspecified");
        // An error's details quote rows, and errors are logged.
        properties.setProperty("logServerErrorDetail", "false");
        return properties;
    }

    private static void credentials(@Nullable String userInfo, Properties properties) {
        if (userInfo == null) {
            return;
        }
        String[] parts = userInfo.split(":", 2);
        properties.setProperty("user", decode(parts[0]));
        if (parts.length == 2) {
            properties.setProperty("password", decode(parts[1]));
        }
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) {
                parameters.put(decode(parts[0]), decode(parts[1]));
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
