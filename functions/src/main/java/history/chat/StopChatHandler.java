package history.chat;

import history.auth.Authenticator;
import history.auth.Caller;
import history.chat.turn.Replies;
import history.config.Variables;
import history.conversation.ConversationRef;
import history.db.Database;
import history.http.ApiHandler;
import history.http.Cors;
import history.http.Deadline;
import history.http.HttpRequest;
import history.http.HttpResponse;
import history.message.Message;
import history.text.JsonText;
import java.util.Map;

/**
 * {@code POST /api/chat/{id}/stop}: ends the running answer, whichever function runs it, and returns what has arrived; 204 when
 * none is running.
 */
public final class StopChatHandler extends ApiHandler {
    private final Database database;

    public StopChatHandler() {
        this(System.getenv());
    }

    StopChatHandler(Map<String, String> environment) {
        var variables = new Variables(environment);
        super("POST /api/chat/{id}/stop", Authenticator.from(variables), Cors.NONE);
        this.database = Database.from(variables);
        variables.check();
    }

    @Override
    protected HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline) {
        return Replies.stop(ConversationRef.in(request), caller, database)
                .map((Message message) -> HttpResponse.json(200, JsonText.of(message.fitting()::write)))
                .orElseGet(() -> HttpResponse.empty(204));
    }
}
