package history.gateway;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A method and a path with the names of its parameters, as in the template: {@code GET /api/things/{id}}. */
public record Route(String method, String template) {
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
    private static final Pattern NOT_IN_A_PATH =
            Pattern.compile("[^A-Za-z0-9._~!$&'()*+,;=:@/%-]+|%(?!\\p{XDigit}{2})");

    /**
     * Where a call went.
     *
     * @param root the path before the template: a stage, the base path of a domain, mostly nothing
     * @param path of the URL that was called, encoded as in a reference (RFC 3986)
     * @param parameters decoded
     */
    public record Target(String root, String path, Map<String, String> parameters) {}

    public static Route of(String route) {
        var parts = route.split(" ", 2);
        return new Route(parts[0], parts[1]);
    }

    public boolean accepts(String called) {
        return called.equals(method) || (called.equals("HEAD") && method.equals("GET"));
    }

    /** An HTTP API passes the path on decoded, in both payload formats; a REST API, a function URL and a load balancer as it was called. */
    public Target target(Event event) {
        String called = called(event);
        boolean decoded = event.text("version") != null && !"$default".equals(event.text("routeKey"));
        String raw = decoded ? called.replace("%", "%25") : called;
        int brace = template.indexOf("/{");
        int at = raw.indexOf(brace < 0 ? template : template.substring(0, brace));
        if (at < 0) {
            return new Target("", reference(raw), event.child("pathParameters").texts());
        }
        var named = event.child("pathParameters").texts();
        var names = PARAMETER.matcher(template).results().map(name -> name.group(1));
        var parameters =
                names.allMatch(named::containsKey) ? named : parameters(raw.substring(at)); // of a greedy route
        String root = at == 0 ? "" : reference(raw.substring(0, at));
        // A decoded id may contain slashes: the route tells where it ends.
        return new Target(root, decoded ? root + filled(parameters) : reference(raw), parameters);
    }

    /** The path with the stage, which a REST API has only in the request context. */
    private String called(Event event) {
        @Nullable
        String[] candidates = {event.child("requestContext").text("path"), event.text("rawPath"), event.text("path")};
        for (var candidate : candidates) {
            if (candidate != null) {
                return candidate;
            }
        }
        return "/";
    }

    private Map<String, String> parameters(String rest) {
        Matcher here = Pattern.compile(PARAMETER.matcher(template).replaceAll("([^/]+)") + "/?")
                .matcher(rest);
        Map<String, String> parameters = new LinkedHashMap<>();
        Matcher names = PARAMETER.matcher(template);
        for (int i = 1; here.matches() && names.find(); i++) {
            parameters.put(names.group(1), decoded(here.group(i)));
        }
        return parameters;
    }

    private String filled(Map<String, String> parameters) {
        return PARAMETER
                .matcher(template)
                .replaceAll(name -> encoded(parameters.getOrDefault(name.group(1), name.group())));
    }

    /** With a single slash at the beginning: two would be followed by a host name. */
    private static String reference(String path) {
        String clean = NOT_IN_A_PATH.matcher(path).replaceAll(match -> encoded(match.group()));
        int slashes = 0;
        while (clean.startsWith("/", slashes)) {
            slashes++;
        }
        return "/" + clean.substring(slashes);
    }

    public static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String decoded(String segment) {
        return NOT_IN_A_PATH.matcher(segment).find()
                ? segment
                : URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
