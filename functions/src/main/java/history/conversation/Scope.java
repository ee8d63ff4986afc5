package history.conversation;

import history.http.HttpRequest;
import history.http.Problem;

/** Whose conversations a list holds. */
enum Scope {
    /** The caller's own. */
    USER,
    /** Everyone's in the caller's tenant; for its admins. */
    TENANT;

    static Scope of(HttpRequest request) {
        return switch (request.parameter("scope").orElse("user")) {
            case "user" -> USER;
            case "tenant" -> TENANT;
            default -> throw Problem.badRequest("scope must be user or tenant.");
        };
    }
}
