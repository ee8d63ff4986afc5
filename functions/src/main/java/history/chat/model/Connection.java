package history.chat.model;

import history.access.Http;
import history.failure.Failure;
import history.log.RequestLog;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * One request on a connection of its own, whose answer is read as it arrives; closing it closes the connection.
 *
 * <p>Never a pooled connection: while a function is frozen between requests the server hangs up, and a request that fails on
 * a dead connection may or may not have reached the model. Redirects are not followed: they would send the key to another
 * host.
 */
final class Connection implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());
    private static final int ERROR_BYTES = 16_384;

    private final HttpClient client;
    private final HttpResponse<InputStream> response;

    private Connection(HttpClient client, HttpResponse<InputStream> response) {
        this.client = client;
        this.response = response;
    }

    /** Sends the request and waits for the headers of the answer. */
    static Connection open(HttpRequest request, TimeLimit limit) {
        var client = Http.client();
        var opened = false;
        try {
            var response = client.sendAsync(traced(request), BodyHandlers.ofInputStream());
            while (!response.isDone()) {
                waitFor(response, limit);
            }
            var connection = new Connection(client, response.get());
            Thread.ofVirtual().start(() -> connection.closeAt(limit));
            opened = true;
            return connection;
        } catch (ExecutionException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The model could not be reached: " + request.uri().getAuthority() + ", " + reason(e));
            throw new ModelFailure.Failed("The model could not be reached");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelFailure.Failed("The call was interrupted", e);
        } finally {
            if (!opened) {
                client.shutdownNow();
            }
        }
    }

    /** Words, where the JDK has none. No message that may repeat what arrived. */
    private static String reason(Throwable failure) {
        var cause = Failure.root(failure);
        return switch (cause) {
            case UnresolvedAddressException _ -> "its name is unknown";
            case ClosedChannelException _ -> "the connection was refused";
            case EOFException _ -> "the connection ended before an answer";
            case SSLException _, GeneralSecurityException _, SocketException _ -> cause.toString();
            default -> cause.getClass().getName();
        };
    }

    /** Reads from a silent server would wait forever: the JDK has a timeout for the headers only. */
    private void closeAt(TimeLimit limit) {
        try {
            while (!client.awaitTermination(Duration.ofNanos(limit.nextWait()))) {
                // The limit throws when it is over.
            }
        } catch (ModelFailure | InterruptedException over) {
            close();
        }
    }

    /** Belongs to the caller's trace. The header is not among those that Bedrock has signed, and need not be. */
    private static HttpRequest traced(HttpRequest request) {
        var traceparent = RequestLog.current().traceparent();
        return traceparent == null
                ? request
                : HttpRequest.newBuilder(request, (_, _) -> true)
                        .header("traceparent", traceparent)
                        .build();
    }

    private static void waitFor(Future<?> response, TimeLimit limit) throws InterruptedException, ExecutionException {
        try {
            response.get(limit.nextWait(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // The caller asks the limit whether to go on.
        }
    }

    int status() {
        return response.statusCode();
    }

    HttpHeaders headers() {
        return response.headers();
    }

    InputStream body() {
        return response.body();
    }

    /** The beginning of the body of an error response. */
    String errorBody() {
        try {
            return new String(body().readNBytes(ERROR_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
