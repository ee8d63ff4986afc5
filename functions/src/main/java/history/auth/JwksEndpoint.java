package history.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import history.access.Http;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * The address where an issuer publishes its keys.
 *
 * @param timeout for the whole fetch, from the name look-up to the last byte
 */
record JwksEndpoint(URI url, Duration timeout) implements PublishedKeys.Issuer {

    static final int MAX_BYTES = 256 * 1024;

    @Override
    public KeySet fetch() throws IOException {
        try {
            return KeySet.parse(text());
        } catch (IllegalArgumentException e) {
            throw new IOException("the issuer's answer is " + e.getMessage(), e);
        }
    }

    String text() throws IOException {
        var request =
                HttpRequest.newBuilder(url).header("accept", "application/json").build();
        var body = BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES);
        var response = Http.send("the issuer", request, body, timeout);
        if (response.statusCode() != 200) {
            throw new IOException("the issuer answered with status " + response.statusCode());
        }
        return new String(response.body(), UTF_8);
    }
}
