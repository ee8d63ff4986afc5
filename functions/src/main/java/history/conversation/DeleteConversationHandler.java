package history.conversation;

import history.auth.Authenticator;
import history.auth.Caller;
import history.config.Variables;
import history.db.Database;
import history.http.ApiHandler;
import history.http.Deadline;
import history.http.HttpRequest;
import history.http.HttpResponse;
import history.http.Problem;
import java.util.Map;

/** {@code DELETE /api/conversations/{id}}: deletes a conversation with its messages. */
public final class DeleteConversationHandler extends ApiHandler {
    private final Conversations conversations;

    public DeleteConversationHandler() {
        this(System.getenv());
    }

    DeleteConversationHandler(Map<String, String> environment) {
        var variables = new Variables(environment);
        super("DELETE /api/conversations/{id}", Authenticator.from(variables));
        this.conversations = new Conversations(Database.from(variables));
        variables.check();
    }

    @Override
    protected HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline) {
        return switch (conversations.delete(caller, ConversationRef.in(request), Version.required(request))) {
            case DONE -> HttpResponse.empty(204);
            case MISSING -> throw Problem.notFound();
            case CHANGED, TOO_LARGE, BUSY -> throw Problem.preconditionFailed();
        };
    }
}
