package history.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import history.auth.Authenticator;
import history.auth.Caller;
import history.body.IdempotencyKey;
import history.body.JsonBody;
import history.chat.dialect.Dialect;
import history.chat.dialect.Dialects;
import history.chat.model.ChatModel;
import history.chat.model.ModelConfig;
import history.chat.model.Models;
import history.chat.turn.Limits;
import history.chat.turn.Question;
import history.chat.turn.Replies;
import history.chat.turn.Reply;
import history.config.Variables;
import history.db.Database;
import history.http.ApiHandler;
import history.http.Cors;
import history.http.Deadline;
import history.http.HttpRequest;
import history.http.HttpResponse;
import java.util.Map;

/** {@code POST /api/chat}: takes a message, has it answered, and stores both. */
public final class ChatHandler extends ApiHandler {
    private final ModelConfig config;
    private final Replies replies;
    private final ChatModel model;

    public ChatHandler() {
        this(System.getenv());
    }

    ChatHandler(Map<String, String> environment) {
        var variables = new Variables(environment);
        var config = ModelConfig.from(variables);
        this(
                Authenticator.from(variables),
                Cors.from(variables),
                Database.from(variables),
                config,
                Models.from(config, variables),
                Limits.from(variables));
        variables.check();
    }

    ChatHandler(
            Authenticator authenticator,
            Cors cors,
            Database database,
            ModelConfig config,
            ChatModel model,
            Limits limits) {
        super("POST /api/chat", authenticator, cors);
        this.config = config;
        this.model = model;
        this.replies = new Replies(database, model, config, limits);
    }

    @Override
    protected HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline) {
        ObjectNode body = JsonBody.of(request);
        Dialect dialect = Dialects.of(body);
        Question question = dialect.read(body, config);
        Reply reply = replies.to(
                question,
                caller,
                IdempotencyKey.of(request),
                IdempotencyKey.requestHash(body),
                deadline,
                id -> request.reference("api", "conversations", id.toString()) + "?format=ui-messages");
        HttpResponse response = dialect.respond(request, reply);
        for (var header : reply.headers().entrySet()) {
            response = response.with(header.getKey(), header.getValue());
        }
        return response;
    }

    @Override
    protected String example() {
        return "{\"message\":\"Hello\"}";
    }

    @Override
    protected boolean primeModel() {
        return model.prime();
    }
}
