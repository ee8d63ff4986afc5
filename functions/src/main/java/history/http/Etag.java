package history.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Entity tags on what is read: a caller that has the same already gets 304 and no body (RFC 9110, 13.1.2). */
public final class Etag {
    private Etag() {}

    /** Marks an answer with the tag, or answers 304 when {@code If-None-Match} names it. */
    public static HttpResponse of(HttpRequest request, HttpResponse response, String etag) {
        boolean known = request.header("if-none-match")
                .filter(header -> header.strip().equals("*") || names(header, etag))
                .isPresent();
        return known ? HttpResponse.empty(304).with("etag", etag) : response.with("etag", etag);
    }

    /** The same with a tag made from the text itself. */
    public static HttpResponse ofContent(HttpRequest request, HttpResponse response) {
        return response.body() instanceof HttpResponse.Body.Text(var text)
                ? of(request, response, '"' + digest(text) + '"')
                : response;
    }

    /** Weakly compared: {@code W/} does not count. */
    private static boolean names(String header, String etag) {
        return Arrays.stream(header.split(",", -1))
                .map(String::strip)
                .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                .anyMatch(etag::equals);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, 12));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
