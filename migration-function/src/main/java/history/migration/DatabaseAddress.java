package history.migration;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Where the database is and who connects, from {@code DATABASE_URL} and {@code DATABASE_SECRET}.
 *
 * @param url for JDBC, without user and password
 */
record DatabaseAddress(String url, Properties properties) {
    private static final String ALLOWED =
            "DATABASE_URL must be postgresql://user:password@host:port/database or jdbc:postgresql://host:port/database?user=…";

    /** A variable that is blank counts as unset, as in the functions: templates cannot leave one out. */
    static DatabaseAddress from(Map<String, String> environment) {
        var variables = new HashMap<>(environment);
        variables.values().removeIf(String::isBlank);
        var given = variables.get("DATABASE_URL");
        var secret = variables.get("DATABASE_SECRET");
        if (given == null) {
            throw new IllegalArgumentException(ALLOWED + "; it is not set.");
        }
        var properties = new Properties();
        var url = given.startsWith("jdbc:postgresql:") ? given : jdbcUrl(given, properties);
        if (secret != null) {
            properties.putAll(SecretsExtension.from(variables).credentials(secret));
        }
        properties.setProperty("ApplicationName", "conversation-history migration");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
        return new DatabaseAddress(url, properties);
    }

    private static String jdbcUrl(String given, Properties properties) {
        var uri = parse(given);
        var user = uri.getRawUserInfo();
        if (user != null) {
            var parts = user.split(":", 2);
            properties.setProperty("user", decoded(parts[0]));
            if (parts.length == 2) {
                properties.setProperty("password", decoded(parts[1]));
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

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
