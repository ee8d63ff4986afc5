package history.conversation;

import history.auth.Caller;
import history.http.Deadline;
import history.http.Etag;
import history.http.HttpRequest;
import history.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** {@code GET /api/conversations}: the caller's conversations, the one with the newest message first. */
public final class ListConversationsHandler extends ConversationHandler {
    private static final int MAX_LIMIT = 1000;

    public ListConversationsHandler() {
        this(System.getenv());
    }

    ListConversationsHandler(Map<String, String> environment) {
        super(environment, "GET /api/conversations", "limit", "cursor", "scope", "archived", "label");
    }

    @Override
    protected HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline) {
        var listing = Listing.of(request);
        int limit = Numbers.atMost(request, "limit", MAX_LIMIT, MAX_LIMIT);
        Cursor after = request.parameter("cursor")
                .map(text -> Cursor.decode(text, caller, listing))
                .orElse(null);
        var listed = conversations.list(caller, listing, after, limit + 1, Listed.known(request));
        var found = listed.conversations();
        var written = found.stream().map(Conversation::json).toList();
        int fits = Page.fitting(written, limit);
        HttpResponse response = HttpResponse.json(200, "[" + String.join(",", written.subList(0, fits)) + "]");
        if (found.size() > fits) {
            response = response.with("link", next(request, found.get(fits - 1), caller, listing, limit));
        }
        return Etag.of(request, response, listed.etag());
    }

    private static String next(HttpRequest request, Conversation last, Caller caller, Listing listing, int limit) {
        String cursor = new Cursor(Instant.parse(last.place()), UUID.fromString(last.id())).encode(caller, listing);
        return "<" + request.path() + "?limit=" + limit + listing.parameters() + "&cursor=" + cursor
                + ">; rel=\"next\"";
    }
}
