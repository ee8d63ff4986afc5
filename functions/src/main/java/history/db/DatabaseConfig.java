package history.db;

import history.config.Variables;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is and who logs in.
 *
 * @param jdbcUrl without user and password
 * @param properties pgjdbc's, user and password among them
 * @param secret where the password is, when the URL has none
 * @param poolSize connections at the most; a function serves one call at a time and needs one
 */
record DatabaseConfig(String jdbcUrl, Properties properties, Optional<DatabaseSecret> secret, int poolSize) {
    /** How long connecting may take. */
    static final Duration CONNECTING = Duration.ofSeconds(4);

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
        // Of several hosts, which are no host to Java, the user is not told apart.
        String authority = uri.getRawAuthority();
        int at = authority.lastIndexOf('@');
        String hosts = authority.substring(at + 1);
        Properties properties = defaults();
        credentials(at < 0 ? null : authority.substring(0, at), properties);
        properties.putAll(UrlParameters.of(uri.getRawQuery(), hosts));
        if (properties.getProperty("user") == null) {
            throw new IllegalArgumentException("must name a user: " + ALLOWED);
        }
        boolean hasPassword = properties.getProperty("password") != null;
        return new DatabaseConfig(
                "jdbc:postgresql://" + hosts + uri.getRawPath(),
                properties,
                hasPassword ? Optional.empty() : secret,
                poolSize);
    }

    /** The properties with what the secret holds just now, if it says so in time. */
    Properties login(Duration limit) {
        var login = new Properties();
        login.putAll(properties);
        secret.ifPresent(kept -> login.putAll(kept.read(limit)));
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
     * How long a statement and a silent server may take is said for each call.
     */
    private static Properties defaults() {
        var properties = new Properties();
        properties.setProperty("loginTimeout", Long.toString(CONNECTING.toSeconds()));
        properties.setProperty("prepareThreshold", "0");
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
        properties.setProperty("user", UrlParameters.decode(parts[0]));
        if (parts.length == 2) {
            properties.setProperty("password", UrlParameters.decode(parts[1]));
        }
    }
}
