package history.conversation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import history.auth.Caller;
import history.body.IdempotencyKey;
import history.body.JsonBody;
import history.http.Deadline;
import history.http.HttpRequest;
import history.http.HttpResponse;
import history.http.Problem;
import history.text.Json;
import java.util.Map;

/** {@code POST /api/conversations}: a new, empty conversation. */
public final class CreateConversationHandler extends ConversationHandler {
    public CreateConversationHandler() {
        this(System.getenv());
    }

    CreateConversationHandler(Map<String, String> environment) {
        super(environment, "POST /api/conversations");
    }

    @Override
    protected HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline) {
        boolean none = request.body().replaceFirst("^\uFEFF", "").isBlank();
        ObjectNode body = none ? Json.MAPPER.createObjectNode() : JsonBody.of(request);
        var wanted = NewConversation.of(body);
        var key = IdempotencyKey.of(request);
        var hash = key.map(given -> IdempotencyKey.requestHash(body));
        var created = conversations.create(caller, wanted, key, hash);
        var conversation = created.conversation();
        if (conversation == null) {
            throw Problem.gone("The conversation created with this Idempotency-Key has been deleted; use a new key.");
        }
        if (!created.sameRequest()) {
            throw Problem.invalid("", "This Idempotency-Key was used with another body; use a new key.");
        }
        // The new id exists already and no key was given: our own first try had succeeded, and its result was lost.
        boolean replayed = created.replayed() && key.isPresent();
        var response = HttpResponse.json(201, conversation.json())
                .with("location", request.reference("api", "conversations", conversation.id()))
                .with("etag", conversation.etag());
        return replayed ? response.with("idempotency-replayed", "true") : response;
    }
}
