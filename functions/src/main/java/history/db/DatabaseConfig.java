package history.db;

import static history.failure.Failure.Kind.DATABASE_AWAY;

import history.access.Login;
import history.access.Role;
import history.access.UrlParameters;
import history.config.Variables;
import history.failure.Failure;
import java.io.IOException;
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
 * @param hosts with their ports
 * @param login where the password comes from, when the URL has none
 * @param poolSize connections at the most; a function serves one call at a time and needs one
 */
record DatabaseConfig(String jdbcUrl, String hosts, Properties properties, Optional<Login> login, int poolSize) {
    /** How long connecting may take. */
    static final Duration CONNECTING = Duration.ofSeconds(4);

    private static final String ALLOWED =
            "postgresql://user:password@host:port/database?sslmode=… or the jdbc:postgresql: form";

    static DatabaseConfig from(Variables variables) {
        var login = login(variables);
        int poolSize = variables.number("DATABASE_POOL_SIZE", 1, 1, 99);
        variables.required("DATABASE_URL", ALLOWED);
        return variables
                .value("DATABASE_URL", url -> of(url.strip(), login, poolSize))
                .orElseGet(() -> new DatabaseConfig("", "", new Properties(), login, poolSize));
    }

    private static Optional<Login> login(Variables variables) {
        var secret = variables.orEmpty("DATABASE_SECRET").strip();
        var isByRole = variables
                .value("DATABASE_AUTH", text -> {
                    if (!text.strip().equals("iam")) {
                        throw new IllegalArgumentException("must be iam, or unset for a password");
                    }
                    return true;
                })
                .orElse(false);
        if (secret.isEmpty() && !isByRole) {
            return Optional.empty();
        }
        if (!secret.isEmpty() && isByRole) {
            variables.problem("DATABASE_SECRET", "must not be set beside DATABASE_AUTH=iam, which needs no password");
        }
        var login = new Login(secret, variables::orEmpty);
        if (!login.hasRole()) {
            variables.problem(isByRole ? "DATABASE_AUTH=iam" : "DATABASE_SECRET", "needs " + Role.VARIABLES);
        }
        return Optional.of(login);
    }

    private static DatabaseConfig of(String url, Optional<Login> login, int poolSize) {
        URI uri = parse(url);
        // java.net.URI does not separate the user from several hosts.
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
                hosts,
                properties,
                hasPassword ? Optional.empty() : login,
                poolSize);
    }

    /**
     * The properties with the current password, if it can be read in time.
     *
     * @param failed how many attempts to connect have failed before
     */
    Properties login(int failed, Duration limit) {
        var all = new Properties();
        all.putAll(properties);
        try {
            if (login.isPresent()) {
                all.putAll(login.get().properties(hosts, properties.getProperty("user"), failed, limit));
            }
        } catch (IOException e) {
            throw new Failure(DATABASE_AWAY, "the password for " + hosts + " could not be read: " + e.getMessage(), e);
        }
        return all;
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
     * Server-side prepared statements stay off: behind a transaction pooler the next statement may reach another
     * server. The timeouts of a statement and of a silent server are set for each call.
     */
    private static Properties defaults() {
        var properties = new Properties();
        properties.setProperty("loginTimeout", Long.toString(CONNECTING.toSeconds()));
        properties.setProperty("prepareThreshold", "0");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "conversation-history");
        properties.setProperty("assumeMinServerVersion", "15");
        // The server infers the type of a text argument, so a call needs no casts.
        properties.setProperty("stringtype", "unspecified");
        // Error details quote rows, and errors are logged.
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
