package history.chat;

import history.auth.Authenticator;
import history.auth.Caller;
import history.chat.dialect.AiSdkDialect;
import history.chat.turn.Replies;
import history.config.Variables;
import history.conversation.ConversationRef;
import history.db.Database;
import history.http.ApiHandler;
import history.http.Cors;
import history.http.Deadline;
import history.http.HttpRequest;
import history.http.HttpResponse;
import java.util.Map;

/**
 * {@code GET /api/chat/{id}/stream}: the running answer, from its beginning, for an AI SDK client that lost its
 * connection or was reloaded; 204 when there is none.
 */
public final class ResumeChatHandler extends ApiHandler {
    private final Database database;

    public ResumeChatHandler() {
        this(System.getenv());
    }

    ResumeChatHandler(Map<String, String> environment) {
        var variables = new Variables(environment);
        super("GET /api/chat/{id}/stream", Authenticator.from(variables), Cors.from(variables));
        this.database = Database.from(variables);
        variables.check();
    }

    @Override
    protected HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline) {
        return Replies.running(ConversationRef.in(request), caller, database, deadline)
                .map(AiSdkDialect::resume)
                .orElseGet(() -> HttpResponse.empty(204));
    }
}
