package history.chat.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.body.Fields;
import history.chat.model.ModelConfig;
import history.chat.turn.ModelOptions;
import history.chat.turn.Question;
import history.chat.turn.Reply;
import history.http.HttpRequest;
import history.http.HttpResponse;

/**
 * The existing front end: it sends its whole list, {@code {"messages": [{"role","content"}…],
 * "conversationId"?}}, of which only the last message is new and all others are ignored, and reads {@code data:} lines.
 */
record FrontEndDialect() implements Dialect {
    @Override
    public Question read(ObjectNode body, ModelConfig config) {
        // Unknown fields are ignored: that front end is not ours to correct.
        var fields = new Fields(body);
        JsonNode list = body.path("messages");
        String place = Integer.toString(list.size() - 1);
        var message = (ObjectNode) list.get(list.size() - 1);
        var last = fields.inside("messages", message).inside(place, message);
        Dialect.requireUser(last);
        if (last.value("content").isEmpty()) {
            last.error("content", "is required");
        }
        var request = new Question(
                Dialect.conversation(fields, "conversationId"),
                last.text("content", MAX_MESSAGE).orElse(""),
                ModelOptions.of(fields, "maxTokens", config));
        fields.check();
        return request;
    }

    @Override
    public HttpResponse respond(HttpRequest request, Reply reply) {
        return EventStream.of(sink -> new FrontEndEvents(sink), reply);
    }
}
