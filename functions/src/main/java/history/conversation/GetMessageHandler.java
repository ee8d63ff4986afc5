package history.conversation;

import history.auth.Caller;
import history.http.Deadline;
import history.http.Etag;
import history.http.HttpRequest;
import history.http.HttpResponse;
import history.http.JsonText;
import history.http.Problem;
import java.util.Map;

/**
 * {@code GET /api/conversations/{id}/messages/{message}}: one message. Of a long text, as many characters as a response
 * can hold, from the position that the caller gives.
 */
public final class GetMessageHandler extends ConversationHandler {
    public GetMessageHandler() {
        this(System.getenv());
    }

    GetMessageHandler(Map<String, String> environment) {
        super(environment, "GET /api/conversations/{id}/messages/{message}", "from", "characters");
    }

    @Override
    protected HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline) {
        var skipped = Numbers.of(request, "from", 0, Integer.MAX_VALUE - 1);
        int from = skipped == null ? 0 : skipped.intValue();
        int characters = Numbers.atMost(request, "characters", Message.CUT, Message.CUT);
        var part = conversations
                .message(caller, ConversationRef.in(request), request.pathText("message"), from, characters)
                .orElseThrow(() -> Problem.notFound("There is no such message."));
        var message = part.message();
        long end = (long) from + characters;
        if (from > 0 || end < part.total()) {
            message = message.part(message.content(), "\"from\": " + from + ", ", part.total());
        }
        var response = HttpResponse.json(200, JsonText.of(message::write));
        return Etag.ofContent(
                request,
                end >= part.total()
                        ? response
                        : response.with(
                                "link",
                                "<%s?from=%d&characters=%d>; rel=\"next\"".formatted(request.path(), end, characters)));
    }
}
