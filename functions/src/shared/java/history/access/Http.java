package history.access;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request on a connection of its own: none may end up in a snapshot. */
final class Http {
    private Http() {}

    /** @param limit for the whole, from the name look-up to the last byte */
    static HttpResponse<String> send(HttpRequest request, Duration limit) throws IOException {
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        try {
            return client.sendAsync(request, BodyHandlers.ofString()).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(request.uri().getHost() + " cannot be reached: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException(request.uri().getHost() + " did not answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } finally {
            client.shutdownNow();
        }
    }
}
