package history.conversation;

import history.auth.Authenticator;
import history.auth.Caller;
import history.config.Variables;
import history.db.Database;
import history.http.ApiHandler;
import history.http.Deadline;
import history.http.Etag;
import history.http.HttpRequest;
import history.http.HttpResponse;
import history.http.JsonText;
import history.http.Problem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/conversations/{id}}: a conversation with its newest messages, oldest first. */
public final class GetConversationHandler extends ApiHandler {
    private static final int DEFAULT_LIMIT = 200;
    private static final int MAX_LIMIT = 1000;

    private final Conversations conversations;

    public GetConversationHandler() {
        this(System.getenv());
    }

    GetConversationHandler(Map<String, String> environment) {
        var variables = new Variables(environment);
        super("GET /api/conversations/{id}", Authenticator.from(variables), "limit", "before", "format");
        this.conversations = new Conversations(Database.from(variables));
        variables.check();
    }

    @Override
    protected HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline) {
        MessageFormat format = MessageFormat.of(request);
        int limit = Limit.of(request, DEFAULT_LIMIT, MAX_LIMIT);
        Page page = conversations
                .get(caller, format.conversationId(request), before(request), limit)
                .orElseThrow(Problem::notFound);
        HttpResponse response = HttpResponse.json(200, json(page, format));
        if (page.hasOlder()) {
            response = response.with("link", older(request, page, format, limit));
        }
        return Etag.of(request, response, page.conversation().etag());
    }

    private static @Nullable Long before(HttpRequest request) {
        String text = request.parameter("before").orElse(null);
        if (text != null && !text.matches("[1-9][0-9]{0,17}")) {
            throw Problem.badRequest("before must be the seq of a message, a whole number from 1.");
        }
        return text == null ? null : Long.valueOf(text);
    }

    private static String json(Page page, MessageFormat format) {
        return JsonText.of(json -> {
            json.writeStartObject();
            page.conversation().writeFields(json);
            json.writeArrayFieldStart("messages");
            for (Message message : page.messages()) {
                format.write(json, message);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static String older(HttpRequest request, Page page, MessageFormat format, int limit) {
        long first = page.messages().getFirst().seq();
        return "<" + request.path() + "?limit=" + limit + format.parameter() + "&before=" + first + ">; rel=\"prev\"";
    }
}
