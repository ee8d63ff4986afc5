package history.conversation;

import history.auth.Caller;
import history.http.Deadline;
import history.http.Etag;
import history.http.HttpRequest;
import history.http.HttpResponse;
import history.http.Problem;
import history.message.MessageFormat;
import history.text.JsonText;
import java.util.Map;

/** {@code GET /api/conversations/{id}}: a conversation with its newest messages, or those after a position, oldest first. */
public final class GetConversationHandler extends ConversationHandler {
    public GetConversationHandler() {
        this(System.getenv());
    }

    GetConversationHandler(Map<String, String> environment) {
        super(environment, "GET /api/conversations/{id}", "limit", "before", "after", "include", "format");
    }

    @Override
    protected HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline) {
        var format = MessageFormat.of(request);
        var span = Span.of(request);
        var page = conversations
                .get(caller, ConversationRef.in(request), span, format, request)
                .orElseThrow(Problem::notFound);
        var response = HttpResponse.json(200, json(page));
        if (page.hasMore()) {
            response = response.with("link", more(request, page, format, span));
        }
        var version = page.version();
        if (span.replaced()) { // the revision does not cover messages that are not shown
            version = new Version(version.revision(), Etag.digest(response));
        }
        return Etag.of(request, response, version.etag());
    }

    private static String json(Page page) {
        return JsonText.object(json -> {
            page.conversation().writeFields(json);
            json.writeArrayFieldStart("messages");
            for (Page.Written message : page.messages()) {
                json.writeRawValue(message.json());
            }
            json.writeEndArray();
        });
    }

    private static String more(HttpRequest request, Page page, MessageFormat format, Span span) {
        var place = span.after() == null
                ? "&before=" + page.messages().getFirst().seq() + ">; rel=\"prev\""
                : "&after=" + page.messages().getLast().seq() + ">; rel=\"next\"";
        return "<" + request.path() + span.parameters() + format.parameter() + place;
    }
}
