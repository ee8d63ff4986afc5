package history.conversation;

import history.http.HttpRequest;
import history.http.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of a conversation are asked for: the newest, those before a position, or those after one.
 *
 * @param failed also answers without any text
 * @param replaced also replaced messages
 */
record Span(int limit, @Nullable Long before, @Nullable Long after, boolean failed, boolean replaced) {
    private static final int DEFAULT_LIMIT = 200;
    private static final int MAX_LIMIT = 1000;

    static Span of(HttpRequest request) {
        var before = Numbers.of(request, "before", 1);
        var after = Numbers.of(request, "after", 0);
        if (before != null && after != null) {
            throw Problem.badRequest("Give before or after, not both.");
        }
        var include = request.parameter("include").orElse("");
        if (!List.of("", "failed", "replaced", "failed,replaced", "replaced,failed")
                .contains(include)) {
            throw Problem.badRequest("include must be failed, replaced or both, with a comma between them.");
        }
        return new Span(
                Numbers.atMost(request, "limit", DEFAULT_LIMIT, MAX_LIMIT),
                before,
                after,
                include.contains("failed"),
                include.contains("replaced"));
    }

    /** The query parameters of a link to the next page. */
    String parameters() {
        var include = failed && replaced
                ? "&include=failed,replaced"
                : failed ? "&include=failed" : replaced ? "&include=replaced" : "";
        return "?limit=" + limit + include;
    }
}
