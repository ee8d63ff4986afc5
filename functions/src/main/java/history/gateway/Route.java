package history.gateway;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
        var named = event.child("pathParameters").texts();
        return isHttpApi(event) ? decoded(called, named) : undecoded(called, named);
    }

    private static boolean isHttpApi(Event event) {
        String domain = event.child("requestContext").text("domainName");
        return event.text("version") != null && (domain == null || !domain.contains(".lambda-url."));
    }

    /** A REST API passes the parameters as they were called, and sam local does not: they are taken from the path. */
    private Target undecoded(String called, Map<String, String> named) {
        Matcher end = end(called);
        return end.matches()
                ? new Target(root(end.group(1)), reference(called), parameters(end))
                : new Target("", reference(called), named);
    }

    /** A decoded id may contain slashes: its parameter, which a greedy route does not have, tells how long it is. */
    private Target decoded(String called, Map<String, String> named) {
        boolean complete = PARAMETER.matcher(template).results().allMatch(name -> named.containsKey(name.group(1)));
        String filled = filled(named, UnaryOperator.identity());
        if (complete && called.endsWith(filled)) {
            return passedOn(called.substring(0, called.length() - filled.length()), named);
        }
        Matcher end = end(called);
        return end.matches()
                ? passedOn(end.group(1), complete ? named : parameters(end))
                : new Target("", reference(called.replace("%", "%25")), named);
    }

    private Target passedOn(String before, Map<String, String> parameters) {
        String root = root(before.replace("%", "%25"));
        return new Target(root, root + filled(parameters, Route::encoded), parameters);
    }

    /** What comes before the template, and its parameters, of a path that ends with it. */
    private Matcher end(String path) {
        return Pattern.compile("(?s)(.*)" + PARAMETER.matcher(template).replaceAll("([^/]+)") + "/*")
                .matcher(path);
    }

    /** The path with the stage, which a REST API has only in the request context. */
    private static String called(Event event) {
        String path = event.text("rawPath", event.text("path", "/"));
        return event.child("requestContext").text("path", path);
    }

    private Map<String, String> parameters(Matcher end) {
        Map<String, String> parameters = new LinkedHashMap<>();
        Matcher names = PARAMETER.matcher(template);
        for (int i = 2; names.find(); i++) {
            parameters.put(names.group(1), decoded(end.group(i)));
        }
        return parameters;
    }

    private String filled(Map<String, String> parameters, UnaryOperator<String> writing) {
        return PARAMETER
                .matcher(template)
                .replaceAll(
                        name -> Matcher.quoteReplacement(writing.apply(parameters.getOrDefault(name.group(1), ""))));
    }

    private static String root(String before) {
        String root = reference(before);
        return root.equals("/") ? "" : root;
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
