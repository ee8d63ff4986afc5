package history.http;

import history.text.Sha256;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Entity tags of responses: a caller that already has the same version gets 304 and no body (RFC 9110, 13.1.2). */
public final class Etag {
    /** Anything but a quote may be between the quotes, even a comma. */
    private static final Pattern TAG = Pattern.compile("(W/)?(\"[^\"]*\")");

    private Etag() {}

    /** The response with the tag, or 304 when {@code If-None-Match} names it, weakly compared. */
    public static HttpResponse of(HttpRequest request, HttpResponse response, String etag) {
        boolean known = request.header("if-none-match")
                .filter(header -> header.strip().equals("*") || all(header).contains(etag))
                .isPresent();
        return known ? HttpResponse.empty(304).with("etag", etag) : response.with("etag", etag);
    }

    /** The tags of a list, with their quotes, weak ones too: those that {@code If-None-Match} compares. */
    public static List<String> all(String header) {
        return TAG.matcher(header).results().map(tag -> tag.group(2)).toList();
    }

    /** The tags of a list, with their quotes, that are not weak: those that {@code If-Match} compares (RFC 9110, 13.1.1). */
    public static List<String> strong(String header) {
        return TAG.matcher(header)
                .results()
                .filter(tag -> tag.group(1) == null)
                .map(tag -> tag.group(2))
                .toList();
    }

    /** Differs where the bodies differ. */
    public static String digest(HttpResponse response) {
        String text = response.body() instanceof HttpResponse.Body.Text(var whole) ? whole : "";
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(Sha256.of(text), 12));
    }
}
