package history.http;

import history.text.Digest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Entity tags of responses: a caller that already has the same version gets 304 and no body (RFC 9110, 13.1.2). */
public final class Etag {
    /** A tag of a list, or nothing. Anything but a quote may be between the quotes, even a comma. */
    private static final Pattern ITEM = Pattern.compile("\\G\\s*+(?:(W/)?(\"[^\"]*\"))?\\s*+(?:,|\\z)");

    private Etag() {}

    /** The response with the tag, or 304 when {@code If-None-Match} names it, weakly compared. */
    public static HttpResponse of(HttpRequest request, HttpResponse response, String etag) {
        boolean known = isAny(request, "if-none-match")
                || request.header("if-none-match")
                        .filter(header -> all(header, true).contains(etag))
                        .isPresent();
        return known ? HttpResponse.empty(304).with("etag", etag) : response.with("etag", etag);
    }

    /** Whether the header stands for whatever is there. */
    public static boolean isAny(HttpRequest request, String name) {
        return request.header(name).filter(header -> header.strip().equals("*")).isPresent();
    }

    /** The tags of a list, with their quotes, weak ones only where asked for; none where the header is no list of tags. */
    public static List<String> all(String header, boolean weak) {
        var items = ITEM.matcher(header).results().toList();
        boolean isList = !items.isEmpty() && items.getLast().end() == header.length();
        return items.stream()
                .filter(item -> isList && item.group(2) != null && (weak || item.group(1) == null))
                .map(item -> item.group(2))
                .toList();
    }

    /** Differs where the bodies differ. */
    public static String digest(HttpResponse response) {
        String text = response.body() instanceof HttpResponse.Body.Text(var whole) ? whole : "";
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(Digest.sha256(text), 12));
    }
}
