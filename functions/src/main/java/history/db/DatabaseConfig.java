package history.db;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is and who logs in.
 *
 * @param jdbcUrl without user and password
 * @param properties pgjdbc's, user and password among them; those in the URL win over ours
 * @param poolSize connections at the most; a function serves one call at a time and needs one
 */
record DatabaseConfig(String jdbcUrl, Properties properties, int poolSize) {
    private static final String ALLOWED =
            "DATABASE_URL must be postgresql://user:password@host:port/database?sslmode=… or the jdbc:postgresql: form";

    /** @throws IllegalArgumentException names the variable and what is allowed */
    static DatabaseConfig from(Map<String, String> environment) {
        String url = environment.get("DATABASE_URL");
        if (url == null || url.isBlank()) {
            throw new IllegalArgumentException("DATABASE_URL is not set. " + ALLOWED);
        }
        URI uri = parse(url.strip());
        Map<String, String> given = parameters(uri.getRawQuery());
        Properties properties = defaults();
        credentials(uri.getRawUserInfo(), properties);
        given.forEach(properties::setProperty);
        if (properties.getProperty("user") == null) {
            throw new IllegalArgumentException("DATABASE_URL names no user. " + ALLOWED);
        }
        if (properties.getProperty("password") == null
                && !environment.getOrDefault("DATABASE_SECRET", "").isBlank()) {
            DatabaseSecret.read(environment).forEach(properties::setProperty);
        }
        String hosts = uri.getRawAuthority().substring(uri.getRawAuthority().lastIndexOf('@') + 1);
        return new DatabaseConfig("jdbc:postgresql://" + hosts + uri.getRawPath(), properties, poolSize(environment));
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
        throw new IllegalArgumentException("DATABASE_URL cannot be read. " + ALLOWED);
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

    private static int poolSize(Map<String, String> environment) {
        String size = environment.getOrDefault("DATABASE_POOL_SIZE", "");
        if (size.isBlank()) {
            return 1;
        }
        if (!size.matches("[1-9][0-9]?")) {
            throw new IllegalArgumentException("DATABASE_POOL_SIZE must be a whole number from 1 to 99, not " + size);
        }
        return Integer.parseInt(size);
    }
}
