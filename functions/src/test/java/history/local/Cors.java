package history.local;

import com.sun.net.httpserver.Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers browsers of other origins as an HTTP API does: the gateway itself, whatever the function says. */
record Cors(
        List<String> allowOrigins,
        List<String> allowMethods,
        List<String> allowHeaders,
        List<String> exposeHeaders,
        int maxAgeSeconds) {

    static boolean isPreflight(String method, Headers request) {
        return method.equals("OPTIONS")
                && request.getFirst("Origin") != null
                && request.getFirst("Access-Control-Request-Method") != null;
    }

    void preflight(@Nullable String origin, Headers answer) {
        if (allow(origin, answer)) {
            answer.set("Access-Control-Allow-Methods", String.join(",", allowMethods));
            answer.set("Access-Control-Allow-Headers", String.join(",", allowHeaders));
            answer.set("Access-Control-Max-Age", Integer.toString(maxAgeSeconds));
        }
    }

    void answer(@Nullable String origin, Headers answer) {
        answer.keySet().removeIf(name -> name.regionMatches(true, 0, "access-control-", 0, "access-control-".length()));
        if (allow(origin, answer)) {
            answer.set("Access-Control-Expose-Headers", String.join(",", exposeHeaders));
        }
    }

    private boolean allow(@Nullable String origin, Headers answer) {
        if (origin == null) {
            return false;
        }
        if (allowOrigins.contains("*")) {
            answer.set("Access-Control-Allow-Origin", "*");
            return true;
        }
        if (allowOrigins.contains(origin)) {
            answer.set("Access-Control-Allow-Origin", origin);
            answer.add("Vary", "Origin");
            return true;
        }
        return false;
    }
}
