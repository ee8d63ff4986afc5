package history.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer: a status, headers and a body that is either there or written as it comes about.
 *
 * @param headers written as they stand; those that every answer carries are added later
 */
public record HttpResponse(int status, Map<String, String> headers, Body body) {
    /** What is sent: a text, or a stream of texts. */
    public sealed interface Body {
        /** Everything at once. */
        record Text(String text) implements Body {}

        /** Written as it comes about; each text that is given to the sink is flushed. */
        record Stream(Source source) implements Body {}
    }

    /** Produces a body. */
    @FunctionalInterface
    public interface Source {
        void writeTo(Sink sink);
    }

    /**
     * Takes a body piece by piece.
     *
     * <p>A client that has gone away is never an error here: what is written is dropped, and whoever writes goes on to its
     * end.
     */
    @FunctionalInterface
    public interface Sink {
        void write(String text);
    }

    public HttpResponse {
        headers = Map.copyOf(headers);
        headers.forEach(HttpResponse::requireVisible);
    }

    /** Anything else would end a header or begin another. */
    private static void requireVisible(String name, String value) {
        if (!value.chars().allMatch(character -> character >= ' ' && character < 0x7f)) {
            throw new IllegalArgumentException("a header has visible ASCII characters only: " + name);
        }
    }

    public static HttpResponse json(int status, String json) {
        return new HttpResponse(status, Map.of("content-type", "application/json"), new Body.Text(json));
    }

    public static HttpResponse empty(int status) {
        return new HttpResponse(status, Map.of(), new Body.Text(""));
    }

    /** Server-sent events, with the headers that keep proxies from holding them back or compressing them. */
    public static HttpResponse events(Source source) {
        return new HttpResponse(
                200,
                Map.of(
                        "content-type", "text/event-stream",
                        "cache-control", "no-cache, no-store, no-transform",
                        "x-accel-buffering", "no"),
                new Body.Stream(source));
    }

    HttpResponse with(Body another) {
        return new HttpResponse(status, headers, another);
    }

    public HttpResponse with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpResponse(status, more, body);
    }
}
