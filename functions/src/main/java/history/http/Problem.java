package history.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import history.text.Json;
import history.text.Storable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An error response, as {@code application/problem+json} (RFC 9457).
 *
 * <p>Title and detail are for the caller: they contain no SQL and no host, and never reveal that somebody else's row exists.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String TYPES = "urn:conversation-history:";

    private final int status;
    private final transient Map<String, String> headers = new LinkedHashMap<>();
    private final transient ObjectNode json = Json.MAPPER.createObjectNode();

    /**
     * A field that is wrong.
     *
     * @param pointer where, as a JSON pointer (RFC 6901), e.g. {@code /title}
     */
    public record FieldError(String pointer, String detail) {}

    /** Without a stack trace: a problem is a response, not a bug. */
    private Problem(int status, String kind, String title, String detail) {
        super(detail, null, false, false);
        this.status = status;
        json.put("type", TYPES + kind).put("title", title).put("status", status).put("detail", detail);
    }

    public static Problem badRequest(String detail) {
        return new Problem(400, "bad-request", "Bad request", detail);
    }

    public static Problem unauthorized(String detail) {
        return new Problem(401, "unauthorized", "Unauthorized", detail);
    }

    public static Problem forbidden(String detail) {
        return new Problem(403, "forbidden", "Forbidden", detail);
    }

    public static Problem notFound() {
        return notFound("There is no such conversation.");
    }

    public static Problem notFound(String detail) {
        return new Problem(404, "not-found", "Not found", detail);
    }

    static Problem methodNotAllowed(String allowed) {
        return new Problem(405, "method-not-allowed", "Method not allowed", "Allowed here: " + allowed + ".")
                .with("allow", allowed);
    }

    public static Problem conflict(String detail, int retryAfterSeconds) {
        return new Problem(409, "in-progress", "Conflict", detail).retryAfter(retryAfterSeconds);
    }

    /** A 409 for a client that knows no message of the conversation; it can load them from the URL. */
    public static Problem elsewhere(String detail, String url) {
        return new Problem(409, "elsewhere", "Conflict", detail).naming("load", url);
    }

    public static Problem gone(String detail) {
        return new Problem(410, "gone", "Gone", detail);
    }

    public static Problem preconditionFailed() {
        return new Problem(
                412,
                "changed",
                "Precondition failed",
                "The conversation is not as If-Match or If-None-Match asks; read it again.");
    }

    public static Problem tooLarge(String detail) {
        return new Problem(413, "too-large", "Content too large", detail);
    }

    public static Problem notJson() {
        return new Problem(
                415, "not-json", "Unsupported media type", "Send the body with content-type: application/json.");
    }

    /** RFC 9110, 12.5.3: the header says which codings there are. */
    static Problem encoded() {
        return new Problem(415, "encoded", "Unsupported media type", "Send the body without Content-Encoding.")
                .with("accept-encoding", "identity");
    }

    public static Problem invalid(List<FieldError> errors) {
        String detail = errors.size() == 1
                ? (errors.getFirst().pointer() + ": " + errors.getFirst().detail()).replaceFirst("^: ", "")
                : errors.size() + " fields are wrong.";
        var problem = new Problem(422, "invalid", "Invalid content", detail);
        var list = problem.json.putArray("errors");
        errors.stream()
                .limit(50)
                .forEach(error ->
                        list.addObject().put("pointer", error.pointer()).put("detail", error.detail()));
        return problem;
    }

    public static Problem invalid(String pointer, String detail) {
        return invalid(List.of(new FieldError(pointer, detail)));
    }

    public static Problem rateLimited(String detail, int retryAfterSeconds) {
        return new Problem(429, "model-rate-limited", "Too many requests", detail).retryAfter(retryAfterSeconds);
    }

    /** @param said the detail, and in a second line the header fields that say more, as a JSON object */
    static Problem limited(String said) {
        var lines = said.split("\n", 2);
        var problem = new Problem(429, "limit-reached", "Too many requests", lines[0]);
        for (var header : Json.tree(lines.length == 1 ? "{}" : lines[1]).properties()) {
            problem.with(header.getKey(), header.getValue().asText());
        }
        return problem;
    }

    public static Problem internal(String what) {
        return new Problem(500, "internal", "Internal error", what + "; name the request id when you report it.");
    }

    public static Problem modelFailed(String detail) {
        return new Problem(502, "model-failed", "The model failed", detail);
    }

    public static Problem unavailable(String detail) {
        return new Problem(503, "unavailable", "Service unavailable", detail).retryAfter(2);
    }

    public static Problem migrationPending(String detail) {
        return new Problem(503, "migration-pending", "Migration pending", detail).retryAfter(60);
    }

    public static Problem modelTimedOut(String detail) {
        return new Problem(504, "model-timed-out", "The model took too long", detail);
    }

    public Problem with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /** Adds an extension member (RFC 9457, 3.2), such as the id of what it is about. */
    public Problem naming(String member, String value) {
        json.put(member, value);
        return this;
    }

    private Problem retryAfter(int seconds) {
        return with("retry-after", Integer.toString(seconds));
    }

    public int status() {
        return status;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    /** The response; {@code instance} is a reference to what was called. */
    HttpResponse toResponse(String instance, String requestId) {
        json.put("instance", instance).put("request_id", requestId);
        return new HttpResponse(status, headers, new HttpResponse.Body.Text(Storable.clean(json.toString())))
                .with("content-type", "application/problem+json");
    }
}
