package history.chat.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.http.Problem;
import java.util.List;

/** Which dialect a body is in. */
public final class Dialects {
    private Dialects() {}

    /** Recognised by the body; a {@link Problem} 422 names the fields when it could be several dialects or none. */
    public static Dialect of(ObjectNode body) {
        boolean one = body.hasNonNull("message");
        boolean list = body.hasNonNull("messages");
        if (one && list) {
            throw Problem.invalid(List.of(
                    new Problem.FieldError("/message", "cannot be sent together with messages; send one of the two"),
                    new Problem.FieldError("/messages", "cannot be sent together with message; send one of the two")));
        }
        if (one) {
            return body.get("message").isObject() ? new AiSdkDialect() : new NativeDialect();
        }
        boolean isEmpty = !list || (body.get("messages") instanceof ArrayNode messages && messages.isEmpty());
        if (isEmpty && body.hasNonNull("id") && AiSdkDialect.regenerates(body)) {
            return new AiSdkDialect();
        }
        if (list) {
            return ofList(body.get("messages"));
        }
        throw Problem.invalid(List.of(
                new Problem.FieldError("/message", "is required, unless messages is sent"),
                new Problem.FieldError("/messages", "is required, unless message is sent")));
    }

    private static Dialect ofList(JsonNode messages) {
        if (!(messages instanceof ArrayNode list) || list.isEmpty()) {
            throw Problem.invalid("/messages", "must be an array that ends with the user's message");
        }
        JsonNode last = list.get(list.size() - 1);
        if (!last.isObject() || (!last.has("parts") && !last.has("content"))) {
            throw Problem.invalid(
                    "/messages/" + (list.size() - 1), "must be an object with role and either content or parts");
        }
        return last.has("parts") ? new AiSdkDialect() : new FrontEndDialect();
    }
}
