package history.conversation;

import history.auth.Caller;
import history.http.Deadline;
import history.http.HttpRequest;
import history.http.HttpResponse;
import history.http.Problem;
import java.util.Map;

/** {@code DELETE /api/conversations/{id}/messages/{message}}: deletes a question with its answer, or an answer alone. */
public final class DeleteMessageHandler extends ConversationHandler {
    public DeleteMessageHandler() {
        this(System.getenv());
    }

    DeleteMessageHandler(Map<String, String> environment) {
        super(environment, "DELETE /api/conversations/{id}/messages/{message}");
    }

    @Override
    protected HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline) {
        var message = request.pathText("message");
        return switch (conversations.deleteMessage(
                caller, ConversationRef.in(request), message, Version.required(request))) {
            case DONE -> HttpResponse.empty(204);
            case MISSING -> throw Problem.notFound("There is no such message.");
            case CHANGED, TOO_LARGE -> throw Problem.preconditionFailed();
            case BUSY -> throw Problem.conflict("This message is being answered; stop that, or wait.", 2);
        };
    }
}
