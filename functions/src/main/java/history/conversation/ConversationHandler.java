package history.conversation;

import history.auth.Authenticator;
import history.config.Variables;
import history.db.Database;
import history.http.ApiHandler;
import history.http.Cors;
import java.util.Map;

/** An endpoint of conversations, with access to them. */
abstract class ConversationHandler extends ApiHandler {
    final Conversations conversations;

    ConversationHandler(Map<String, String> environment, String route, String... parameters) {
        var variables = new Variables(environment);
        super(route, Authenticator.from(variables), Cors.NONE, parameters);
        this.conversations = new Conversations(Database.from(variables));
        variables.check();
    }
}
