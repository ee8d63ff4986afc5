package history.conversation;

import history.http.Etag;
import history.http.HttpRequest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which state of a conversation: its revision, which no two states share.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests">RFC 9110, conditional requests</a>
 */
record Version(long revision) {
    private static final Pattern ETAG = Pattern.compile("\"([0-9a-z]{1,13})\"");

    String etag() {
        return '"' + Long.toString(revision, Character.MAX_RADIX) + '"';
    }

    /**
     * What {@code If-Match} asks for, as PostgreSQL's text of a {@code bigint[]}: null when any version will do, empty when
     * none can.
     */
    static Optional<String> required(HttpRequest request) {
        return request.header("if-match")
                .filter(header -> !header.strip().equals("*"))
                .map(header -> '{' + String.join(",", versions(header)) + '}');
    }

    private static List<String> versions(String header) {
        return Etag.strong(header).stream()
                .map(ETAG::matcher)
                .filter(Matcher::matches)
                .flatMap(tag -> parse(tag.group(1)).stream())
                .toList();
    }

    private static Optional<String> parse(String digits) {
        try {
            return Optional.of(Long.toString(Long.parseLong(digits, Character.MAX_RADIX)));
        } catch (NumberFormatException tooLarge) {
            return Optional.empty();
        }
    }
}
