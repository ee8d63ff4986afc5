package history.chat.model;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** How one provider is asked over HTTP and how its answer is read. */
interface Protocol {

    HttpRequest request(Prompt prompt, TimeLimit limit);

    /** The only content type that {@link #read} understands. */
    default String contentType() {
        return "text/event-stream";
    }

    /** Reads until the answer is complete or the body ends. */
    void read(InputStream body, CompletionBuilder answer) throws IOException;

    /** The same without a field, if the server refused that; such a request never reached the model. */
    default @Nullable Protocol conceding(int status, String errorBody) {
        return null;
    }
}
