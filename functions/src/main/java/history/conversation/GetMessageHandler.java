package history.conversation;

import history.auth.Caller;
import history.conversation.Conversations.Part;
import history.http.Deadline;
import history.http.Etag;
import history.http.HttpRequest;
import history.http.HttpResponse;
import history.http.Problem;
import history.message.Message;
import history.text.Json;
import history.text.JsonText;
import java.util.List;
import java.util.Map;

/**
 * {@code GET /api/conversations/{id}/messages/{message}}: one message. Of a long text, as many characters as a response
 * can hold, from the position that the caller gives. Instead of the text it returns the JSON of the parts or of the metadata, if asked.
 */
public final class GetMessageHandler extends ConversationHandler {
    public GetMessageHandler() {
        this(System.getenv());
    }

    GetMessageHandler(Map<String, String> environment) {
        super(environment, "GET /api/conversations/{id}/messages/{message}", "from", "characters", "field");
    }

    @Override
    protected HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline) {
        var skipped = Numbers.of(request, "from", 0, Integer.MAX_VALUE - 1);
        int from = skipped == null ? 0 : skipped.intValue();
        int characters = Numbers.atMost(request, "characters", Message.CUT, Message.CUT);
        var field = request.parameter("field").orElse("content");
        if (!List.of("content", "parts", "metadata").contains(field)) {
            throw Problem.badRequest("field must be content, parts or metadata.");
        }
        var part = conversations
                .message(caller, ConversationRef.in(request), request.pathText("message"), from, characters, field)
                .orElseThrow(() -> Problem.notFound("There is no such message."));
        long end = (long) from + characters;
        var response = HttpResponse.json(200, JsonText.of(shown(part, field, from, end)::write));
        if (end < part.total()) {
            var rest = "?from=" + end + "&characters=" + characters + "&field=" + field;
            response = response.with("link", "<" + request.path() + rest + ">; rel=\"next\"");
        }
        return Etag.of(request, response, new Version(part.revision(), Etag.digest(response)).etag());
    }

    private static Message shown(Part part, String field, int from, long end) {
        var message = part.message();
        return field.equals("content") && from == 0 && end >= part.total()
                ? message
                : message.part(
                        message.content(),
                        Json.MAPPER
                                .createObjectNode()
                                .put("field", field)
                                .put("from", from)
                                .put("characters", part.total()));
    }
}
