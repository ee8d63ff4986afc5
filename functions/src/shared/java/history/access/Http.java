package history.access;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request on a connection of its own: neither that nor a thread may end up in a snapshot. Redirects are not followed. */
public final class Http {
    private Http() {}

    /** For one request; whoever takes it shuts it down. */
    public static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * Sends the request.
     *
     * @param who is asked, for what is thrown
     * @param limit for the whole, from the name look-up to the last byte: a request's own ends with the response's headers
     */
    public static <T> HttpResponse<T> send(String who, HttpRequest request, BodyHandler<T> body, Duration limit)
            throws IOException {
        var client = client();
        try {
            return client.sendAsync(request, body).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            // Not the cause's message, which may name hosts.
            var cause = String.valueOf(e.getCause()).split(":", 2)[0];
            throw new IOException(who + " could not be asked: " + cause, e.getCause());
        } catch (TimeoutException e) {
            throw new IOException(who + " did not answer within " + limit, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + who, e);
        } finally {
            client.shutdownNow();
        }
    }
}
