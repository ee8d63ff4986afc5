package history.conversation;

import static java.util.Objects.requireNonNull;

import history.auth.Caller;
import history.body.JsonBody;
import history.http.Deadline;
import history.http.HttpRequest;
import history.http.HttpResponse;
import java.util.Map;

/** {@code PATCH /api/conversations/{id}}: a JSON Merge Patch (RFC 7396) of title, metadata, archived and labels. */
public final class PatchConversationHandler extends ConversationHandler {
    public PatchConversationHandler() {
        this(System.getenv());
    }

    PatchConversationHandler(Map<String, String> environment) {
        super(environment, "PATCH /api/conversations/{id}");
    }

    @Override
    protected HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline) {
        var change = Change.of(JsonBody.of(request));
        var patched = conversations.patch(caller, ConversationRef.in(request), change, Version.required(request));
        patched.outcome().check("conversation");
        var conversation = requireNonNull(patched.conversation());
        return HttpResponse.json(200, conversation.json()).with("etag", conversation.etag());
    }
}
