package history.local;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The two spellings of {@code LOCAL_DATABASE_URL}, taken apart so that another role can log in at the same place.
 *
 * @param place host, port and database: {@code //host:port/database}
 * @param query what follows the question mark, without user and password; may be empty
 */
record DatabaseUrl(
        String place,
        String query,
        @Nullable String user,
        @Nullable String password) {
    private static final String ALLOWED =
            "LOCAL_DATABASE_URL must be postgresql://user:password@host:port/database or the jdbc:postgresql: form.";

    /** Reads either form; throws an {@link IllegalArgumentException} that does not repeat the password. */
    static DatabaseUrl parse(String url) {
        try {
            var uri = new URI(url.replaceFirst("^jdbc:", "").replaceFirst("^postgres:", "postgresql:"));
            var authority = uri.getRawAuthority();
            if ("postgresql".equals(uri.getScheme())
                    && authority != null
                    && uri.getRawPath().length() > 1) {
                var user = new String[] {null, null};
                if (uri.getRawUserInfo() != null) {
                    var parts = uri.getRawUserInfo().split(":", 2);
                    System.arraycopy(parts, 0, user, 0, parts.length);
                }
                var query = new StringBuilder();
                for (var pair : uri.getRawQuery() == null
                        ? new String[0]
                        : uri.getRawQuery().split("&", -1)) {
                    if (pair.startsWith("user=")) {
                        user[0] = pair.substring("user=".length());
                    } else if (pair.startsWith("password=")) {
                        user[1] = pair.substring("password=".length());
                    } else {
                        query.append(query.isEmpty() ? "" : "&").append(pair);
                    }
                }
                var host = authority.substring(authority.lastIndexOf('@') + 1);
                return new DatabaseUrl(
                        "//" + host + uri.getRawPath(), query.toString(), decoded(user[0]), decoded(user[1]));
            }
        } catch (URISyntaxException malformed) {
            // Its message would repeat the password.
        }
        throw new IllegalArgumentException(ALLOWED);
    }

    private static @Nullable String decoded(@Nullable String text) {
        return text == null ? null : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    DatabaseUrl as(String otherUser, String itsPassword) {
        return new DatabaseUrl(place, query, otherUser, itsPassword);
    }

    Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("connectTimeout", "5");
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        return DriverManager.getConnection("jdbc:postgresql:" + place + suffix(), properties);
    }

    /** For {@code DATABASE_URL}. */
    String url() {
        var login = user == null ? "" : encoded(user) + (password == null ? "" : ":" + encoded(password)) + "@";
        return "postgresql://" + login + place.substring(2) + suffix();
    }

    private String suffix() {
        return query.isEmpty() ? "" : "?" + query;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Without the password. */
    @Override
    public String toString() {
        return place.substring(2);
    }
}
