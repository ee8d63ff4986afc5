package history.conversation;

import history.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /** A weak tag never matches here (RFC 9110, 13.1.1), so only those without {@code W/} count. */
    private static List<String> versions(String header) {
        List<String> versions = new ArrayList<>();
        for (String tag : header.split(",", -1)) {
            var matcher = ETAG.matcher(tag.strip());
            if (matcher.matches()) {
                parse(matcher.group(1)).ifPresent(versions::add);
            }
        }
        return versions;
    }

    private static Optional<String> parse(String digits) {
        try {
            return Optional.of(Long.toString(Long.parseLong(digits, Character.MAX_RADIX)));
        } catch (NumberFormatException tooLarge) {
            return Optional.empty();
        }
    }
}
