package history.conversation;

import history.auth.Caller;
import history.http.Deadline;
import history.http.HttpRequest;
import history.http.HttpResponse;
import java.util.Map;

/** {@code DELETE /api/conversations/{id}}: deletes a conversation with its messages. */
public final class DeleteConversationHandler extends ConversationHandler {
    public DeleteConversationHandler() {
        this(System.getenv());
    }

    DeleteConversationHandler(Map<String, String> environment) {
        super(environment, "DELETE /api/conversations/{id}");
    }

    @Override
    protected HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline) {
        conversations
                .delete(caller, ConversationRef.in(request), Version.required(request))
                .check("conversation");
        return HttpResponse.empty(204);
    }
}
