package history.conversation;

import history.http.Etag;
import history.http.HttpRequest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A state of a conversation, and what is shown of it.
 *
 * @param revision no two states share one
 * @param view empty: the conversation with its messages; {@code r}: the same with a running answer, which looks different when its lease
 *     expires, although nothing was written; otherwise a digest of the response
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests">RFC 9110, conditional requests</a>
 */
record Version(long revision, String view) {
    private static final Pattern ETAG = Pattern.compile("\"([0-9a-z]{1,13})(?:\\.([0-9A-Za-z_-]+))?\"");
    private static final String RUNNING = "r";

    static Version of(long revision, boolean running) {
        return new Version(revision, running ? RUNNING : "");
    }

    String etag() {
        return '"' + Long.toString(revision, Character.MAX_RADIX) + (view.isEmpty() ? "" : "." + view) + '"';
    }

    /**
     * The revisions that {@code If-Match} asks for, as PostgreSQL's text of a {@code bigint[]}: null when any is accepted, empty
     * when none is, as in a header that is malformed, or where {@code If-None-Match: *} asks for nothing to be there.
     */
    static Optional<String> required(HttpRequest request) {
        if (Etag.isAny(request, "if-none-match")) {
            return Optional.of(revisions(List.of()));
        }
        return Etag.isAny(request, "if-match")
                ? Optional.empty()
                : request.header("if-match").map(header -> revisions(versions(Etag.all(header, false))));
    }

    /** The revisions that the caller has, in the same form. */
    static String known(HttpRequest request, boolean running) {
        var tags = request.header("if-none-match")
                .map(header -> Etag.all(header, true))
                .orElse(List.of());
        return revisions(versions(tags).stream()
                .filter(version -> version.view().equals(running ? RUNNING : ""))
                .toList());
    }

    private static String revisions(Collection<Version> versions) {
        return versions.stream()
                .map(version -> Long.toString(version.revision()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static List<Version> versions(Collection<String> tags) {
        return tags.stream().flatMap(tag -> of(tag).stream()).toList();
    }

    private static Optional<Version> of(String tag) {
        var matcher = ETAG.matcher(tag);
        try {
            return matcher.matches()
                    ? Optional.of(new Version(
                            Long.parseLong(matcher.group(1), Character.MAX_RADIX),
                            matcher.group(2) == null ? "" : matcher.group(2)))
                    : Optional.empty();
        } catch (NumberFormatException tooLarge) {
            return Optional.empty();
        }
    }
}
