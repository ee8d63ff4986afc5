package history.conversation;

import history.http.Etag;
import history.http.HttpRequest;
import history.text.Digest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The result of a list.
 *
 * @param digest of the ids and revisions; the database computes the same to see whether the caller has them, and it is the ETag
 */
record Listed(List<Conversation> conversations, String digest) {
    static Listed of(List<Conversation> conversations) {
        String revisions = conversations.stream()
                .map(each -> each.id() + ' ' + each.revision())
                .collect(Collectors.joining(","));
        byte[] digest = Digest.of("MD5", revisions.getBytes(StandardCharsets.UTF_8));
        return new Listed(conversations, HexFormat.of().formatHex(digest));
    }

    /** The digests that the caller has, as PostgreSQL's text of a {@code text[]}. */
    static String known(HttpRequest request) {
        return request.header("if-none-match").map(header -> Etag.all(header, true)).orElse(List.of()).stream()
                .filter(tag -> tag.matches("\"[0-9a-f]{32}\""))
                .collect(Collectors.joining(",", "{", "}"));
    }

    String etag() {
        return '"' + digest + '"';
    }
}
