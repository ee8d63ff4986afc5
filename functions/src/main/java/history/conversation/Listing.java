package history.conversation;

import history.gateway.Route;
import history.http.HttpRequest;
import history.http.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Which conversations a list holds.
 *
 * @param everyone the whole tenant's, for its admins; otherwise the caller's own
 * @param archived only archived ones, or only others; null: both
 * @param label only those with this label; null: all
 */
record Listing(
        boolean everyone,
        @Nullable Boolean archived,
        @Nullable String label) {
    static Listing of(HttpRequest request) {
        return new Listing(
                everyone(request), archived(request), request.parameter("label").orElse(null));
    }

    private static boolean everyone(HttpRequest request) {
        return switch (request.parameter("scope").orElse("user")) {
            case "user" -> false;
            case "tenant" -> true;
            default -> throw Problem.badRequest("scope must be user or tenant.");
        };
    }

    private static @Nullable Boolean archived(HttpRequest request) {
        return switch (request.parameter("archived").orElse("false")) {
            case "false" -> false;
            case "true" -> true;
            case "all" -> null;
            default -> throw Problem.badRequest("archived must be true, false or all.");
        };
    }

    /** The query parameters of a link to it; a cursor is valid only for these. */
    String parameters() {
        return (everyone ? "&scope=tenant" : "")
                + (archived == null ? "&archived=all" : archived ? "&archived=true" : "")
                + (label == null ? "" : "&label=" + Route.encoded(label));
    }
}
