package history.chat.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import history.body.Fields;
import history.chat.model.ModelConfig;
import history.chat.turn.Question;
import history.chat.turn.Reply;
import history.conversation.ConversationRef;
import history.http.HttpRequest;
import history.http.HttpResponse;

/** A format of requests and answers: it reads the request and writes the events, and does nothing else. */
public interface Dialect {
    /** The longest message of a user, in code points. */
    int MAX_MESSAGE = 100_000;

    Question read(ObjectNode body, ModelConfig config);

    HttpResponse respond(HttpRequest request, Reply reply);

    /** Only a user's message is taken from a request. */
    static void requireUser(Fields message) {
        if (!message.anyText("role").filter("user"::equals).isPresent()) {
            message.error("role", "must be user: the last message of the list is the one to be answered");
        }
    }

    static ConversationRef conversation(Fields fields, String name) {
        var text = fields.anyText(name);
        var id = text.flatMap(HttpRequest::uuid);
        if (text.isPresent() && id.isEmpty()) {
            fields.error(name, "must be the UUID of a conversation; leave it out to begin one");
        }
        return id.map(ConversationRef::existing).orElse(ConversationRef.NEW);
    }
}
