package history.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

    /** A new client for each fetch: fetches are ten minutes apart, and no connection or thread may end up in a snapshot. */
    String text() throws IOException {
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
        try {
            return text(client);
        } finally {
            client.shutdownNow();
        }
    }

    private String text(HttpClient client) throws IOException {
        var request =
                HttpRequest.newBuilder(url).header("accept", "application/json").build();
        // A request's own timeout ends with the response's headers.
        var answer = client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
        try {
            var response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("the issuer answered with status " + response.statusCode());
            }
            return new String(response.body(), UTF_8);
        } catch (ExecutionException e) {
            throw new IOException("the issuer could not be asked", e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the issuer did not answer within " + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the issuer", e);
        }
    }
}
