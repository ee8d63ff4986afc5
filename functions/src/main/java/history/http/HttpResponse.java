package history.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A response: a status, headers and a body that is either complete or written while it is produced.
 *
 * @param headers written as they are; those that every response has are added later
 */
public record HttpResponse(int status, Map<String, String> headers, Body body) {
    /** The body: a text, or a stream of texts. */
    public sealed interface Body {
        /** Complete. */
        record Text(String text) implements Body {}

        /** Written while it is produced; each text that is given to the sink is flushed. */
        record Stream(Consumer<Sink> source) implements Body {}
    }

    /**
     * Takes a body piece by piece.
     *
     * <p>A client that has gone away is not an error: the rest is dropped, and the source still runs to its
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

    /** Other characters could end the header or begin another one. */
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
    public static HttpResponse events(Consumer<Sink> source) {
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
