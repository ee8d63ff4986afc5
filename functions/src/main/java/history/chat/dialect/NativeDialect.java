package history.chat.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import history.body.Fields;
import history.chat.model.ModelConfig;
import history.chat.turn.ModelOptions;
import history.chat.turn.Outcome;
import history.chat.turn.Question;
import history.chat.turn.Reply;
import history.chat.turn.Turn;
import history.gateway.Accept;
import history.http.HttpRequest;
import history.http.HttpResponse;
import history.http.Problem;
import history.text.JsonText;
import java.util.Set;

/** The API's own dialect: {@code {"message": "…", "conversation_id"?: "<uuid>"}}, answered with JSON or, when asked for, events. */
record NativeDialect() implements Dialect {
    private static final Set<String> FIELDS =
            Set.of("message", "conversation_id", "model", "temperature", "max_tokens");

    @Override
    public Question read(ObjectNode body, ModelConfig config) {
        Fields fields = new Fields(body).allow(FIELDS, Set.of());
        var request = new Question(
                Dialect.conversation(fields, "conversation_id"),
                fields.text("message", MAX_MESSAGE).orElse(""),
                ModelOptions.of(fields, "max_tokens", config));
        fields.check();
        return request;
    }

    @Override
    public HttpResponse respond(HttpRequest request, Reply reply) {
        if (Accept.prefers(request.header("accept"), "text/event-stream", "application/json")) {
            return EventStream.of(sink -> new FrontEndEvents(sink), reply);
        }
        return switch (reply.deliver(delta -> {})) {
            case Outcome.Completed completed -> HttpResponse.json(200, json(reply.turn(), completed));
            case Outcome.Failed failed -> throw naming(failed.problem(), reply);
        };
    }

    private static Problem naming(Problem problem, Reply reply) {
        Turn turn = reply.turn();
        reply.headers().forEach(problem::with);
        return problem.naming("conversation_id", turn.conversationId().toString())
                .naming("message_id", turn.answer().id().toString())
                .naming("user_message_id", turn.question().id().toString());
    }

    private static String json(Turn turn, Outcome.Completed completed) {
        return JsonText.object(json -> {
            json.writeStringField("conversation_id", turn.conversationId().toString());
            json.writeFieldName("message");
            completed.answer().fitting().write(json);
            json.writeFieldName("user_message");
            turn.question().write(json);
        });
    }
}
