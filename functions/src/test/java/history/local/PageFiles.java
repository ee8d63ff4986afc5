package history.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The page: {@code /} and what it loads from {@code /page/}, out of this package's resources, and the libraries under
 * {@code /page/lib/}, out of their WebJars.
 *
 * @param rehearses whether there is a rehearsal to be watched
 */
record PageFiles(boolean rehearses) implements HttpHandler {
    private static final Pattern OWN = Pattern.compile("/page/([a-z]+\\.(?:css|js))");
    private static final Map<String, String> LIBRARIES = Map.of(
            "/page/lib/marked.js",
            "marked/%s/lib/marked.esm.js",
            "/page/lib/purify.js",
            "dompurify/%s/dist/purify.es.mjs");
    /** Nothing from elsewhere, and nothing inline: even what a sanitiser let through would not run. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var headers = exchange.getResponseHeaders();
            headers.set("Cache-Control", "no-cache");
            headers.set("Content-Security-Policy", POLICY);
            headers.set("Referrer-Policy", "no-referrer");
            headers.set("X-Content-Type-Options", "nosniff");
            var isRead = exchange.getRequestMethod().matches("GET|HEAD");
            var file = isRead ? read(path) : null;
            var status = file != null ? 200 : isRead ? 404 : 405;
            if (file == null) {
                headers.set("Allow", "GET, HEAD");
                file = new byte[0];
            } else {
                headers.set("Content-Type", type(path) + "; charset=utf-8");
            }
            var hasBody = file.length > 0 && !exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, hasBody ? file.length : -1);
            if (hasBody) {
                exchange.getResponseBody().write(file);
            }
        }
    }

    private static String type(String path) {
        return path.equals("/") ? "text/html" : path.endsWith(".css") ? "text/css" : "text/javascript";
    }

    private byte @Nullable [] read(String path) throws IOException {
        if (path.equals("/")) {
            var html = bytes("/history/local/page/index.html");
            return html == null
                    ? null
                    : new String(html, StandardCharsets.UTF_8)
                            .replace("data-rehearses=\"false\"", "data-rehearses=\"" + rehearses + '"')
                            .getBytes(StandardCharsets.UTF_8);
        }
        var own = OWN.matcher(path);
        if (own.matches()) {
            return bytes("/history/local/page/" + own.group(1));
        }
        var library = LIBRARIES.get(path);
        return library == null ? null : bytes("/META-INF/resources/webjars/" + library.formatted(version(library)));
    }

    private static String version(String library) throws IOException {
        var properties = new Properties();
        var name = library.replaceFirst("/.*", "");
        try (var file = open("/META-INF/maven/org.webjars.npm/" + name + "/pom.properties")) {
            if (file != null) {
                properties.load(file);
            }
        }
        return properties.getProperty("version", "");
    }

    private static byte @Nullable [] bytes(String resource) throws IOException {
        try (var file = open(resource)) {
            return file == null ? null : file.readAllBytes();
        }
    }

    private static @Nullable InputStream open(String resource) {
        return PageFiles.class.getResourceAsStream(resource);
    }
}
