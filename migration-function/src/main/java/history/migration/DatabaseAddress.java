package history.migration;

import history.access.Login;
import history.access.Role;
import history.access.UrlParameters;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Where the database is and who connects, from {@code DATABASE_URL} and {@code DATABASE_SECRET}.
 *
 * @param url for JDBC, without parameters
 * @param hosts with their ports
 * @param login where the password comes from, when the URL has none
 */
record DatabaseAddress(String url, String hosts, Properties properties, Optional<Login> login) {
    private static final String ALLOWED =
            "DATABASE_URL must be postgresql://user:password@host:port/database or jdbc:postgresql://host:port/database?user=…";

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 4;

    /** A variable that is blank counts as unset, as in the functions: templates cannot leave one out. */
    static DatabaseAddress from(Map<String, String> environment) {
        var variables = new HashMap<>(environment);
        variables.values().removeIf(String::isBlank);
        var given = variables.get("DATABASE_URL");
        if (given == null) {
            throw new IllegalArgumentException(ALLOWED + "; it is not set.");
        }
        var properties = new Properties();
        var url = given.startsWith("jdbc:postgresql:") ? given : jdbcUrl(given, properties);
        var parts = url.split("\\?", 2);
        var hosts = parts[0].replaceFirst("^jdbc:postgresql:(?://([^/]*))?.*", "$1");
        properties.setProperty("ApplicationName", "conversation-history migration");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
        try {
            properties.putAll(UrlParameters.of(parts.length < 2 ? null : parts[1], hosts));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("DATABASE_URL " + e.getMessage() + ".", e);
        }
        return new DatabaseAddress(parts[0], hosts, properties, login(variables));
    }

    private static Optional<Login> login(Map<String, String> variables) {
        var secret = variables.getOrDefault("DATABASE_SECRET", "").strip();
        if (secret.isEmpty()) {
            return Optional.empty();
        }
        var login = new Login(secret, name -> variables.getOrDefault(name, ""));
        if (!login.hasRole()) {
            throw new IllegalArgumentException("DATABASE_SECRET needs " + Role.VARIABLES + ".");
        }
        return Optional.of(login);
    }

    /** If the password is refused, it is read again, and once more after a moment: it may be rotating. */
    Connection connect() throws SQLException {
        for (var attempt = 1; ; attempt++) {
            try {
                return DriverManager.getConnection(url, withPassword(attempt - 1));
            } catch (SQLException e) {
                if (login.isEmpty() || attempt == ATTEMPTS || !Login.isRefused(e)) {
                    throw e;
                }
            }
            if (attempt > 1) {
                Retry.pause(Duration.ofSeconds(3));
            }
        }
    }

    /** The properties with the current password. */
    Properties withPassword(int failed) throws SQLException {
        var all = new Properties();
        all.putAll(properties);
        try {
            if (login.isPresent()) {
                all.putAll(login.get().properties(hosts, all.getProperty("user", ""), failed, LIMIT));
            }
        } catch (IOException e) {
            throw new SQLException("its password could not be read: " + e.getMessage(), "28000", e);
        }
        return all;
    }

    private static String jdbcUrl(String given, Properties properties) {
        var uri = parse(given);
        var user = uri.getRawUserInfo();
        if (user != null) {
            var parts = user.split(":", 2);
            properties.setProperty("user", UrlParameters.decode(parts[0]));
            if (parts.length == 2) {
                properties.setProperty("password", UrlParameters.decode(parts[1]));
            }
        }
        var port = uri.getPort() < 0 ? 5432 : uri.getPort();
        var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return "jdbc:postgresql://%s:%d%s%s".formatted(uri.getHost(), port, uri.getRawPath(), query);
    }

    private static URI parse(String given) {
        URI uri;
        try {
            uri = URI.create(given);
        } catch (IllegalArgumentException e) {
            // Its message would repeat the password.
            throw new IllegalArgumentException(ALLOWED + "; a special character in it must be percent-encoded.");
        }
        var scheme = String.valueOf(uri.getScheme());
        if ((!scheme.equals("postgresql") && !scheme.equals("postgres")) || uri.getHost() == null) {
            throw new IllegalArgumentException(ALLOWED + ".");
        }
        return uri;
    }
}
