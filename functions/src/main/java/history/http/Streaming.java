package history.http;

import java.io.IOException;

/** Where an answer goes that leaves piece by piece: status and headers first, then the body as it is, with each flush. */
public interface Streaming {
    /** Begins the answer: {@code {"statusCode":…,"headers":{…}}}. */
    void prelude(byte[] json) throws IOException;
}
