package history.conversation;

import history.auth.Caller;
import history.http.Deadline;
import history.http.HttpRequest;
import history.http.HttpResponse;
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
        conversations
                .deleteMessage(
                        caller, ConversationRef.in(request), request.pathText("message"), Version.required(request))
                .check("message");
        return HttpResponse.empty(204);
    }
}
