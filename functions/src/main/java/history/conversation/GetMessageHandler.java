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
import history.text.Storable;
import java.util.Map;

/**
 * {@code GET /api/conversations/{id}/messages/{message}}: one message, of a long text as many characters as an answer holds, from
 * where the caller wants them.
 */
public final class GetMessageHandler extends ApiHandler {
    private final Messages messages;

    public GetMessageHandler() {
        this(System.getenv());
    }

    GetMessageHandler(Map<String, String> environment) {
        var variables = new Variables(environment);
        super("GET /api/conversations/{id}/messages/{message}", Authenticator.from(variables), "from", "characters");
        this.messages = new Messages(Database.from(variables));
        variables.check();
    }

    @Override
    protected HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline) {
        int from = number(request, "from", 0, 0);
        int characters = Math.min(number(request, "characters", 1, Message.CUT), Message.CUT);
        var part = messages.get(
                        caller,
                        ConversationRef.in(request),
                        Storable.clean(request.pathText("message")),
                        from,
                        characters)
                .orElseThrow(Problem::notFound);
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

    private static int number(HttpRequest request, String name, int least, int otherwise) {
        var text = request.parameter(name).orElse(Integer.toString(otherwise));
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least) {
            throw Problem.badRequest(name + " must be a whole number from " + least + ".");
        }
        return Integer.parseInt(text);
    }
}
