package history.http;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import history.auth.Authenticator;
import history.auth.Caller;
import history.auth.KeysUnavailable;
import history.auth.Unauthorized;
import history.db.DatabaseUnavailable;
import history.db.MigrationPending;
import history.db.NoTenant;
import history.db.ValueRefused;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call from the gateway's event to its answer: who is calling, the endpoint's work, and the one place where what went
 * wrong becomes a problem.
 *
 * <p>The streams are the runtime's own, not typed events: those would load a second Jackson at a cold start.
 */
public abstract class ApiHandler implements RequestStreamHandler {
    private static final System.Logger LOG = System.getLogger(ApiHandler.class.getName());

    private final Authenticator authenticator;

    protected ApiHandler(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    /** The endpoint's work for a caller whose token is good; a {@link Problem} is an answer too. */
    protected abstract HttpResponse handle(Caller caller, HttpRequest request);

    /** The same for an endpoint that must know how long it may still work. */
    protected HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline) {
        return handle(caller, request);
    }

    @Override
    public final void handleRequest(InputStream input, OutputStream output, @Nullable Context context)
            throws IOException {
        String requestId = context == null ? "local" : context.getAwsRequestId();
        new ResponseWriter(output).write(secured(respond(input, requestId, Deadline.of(context))));
    }

    private HttpResponse respond(InputStream input, String requestId, Deadline deadline) throws IOException {
        HttpRequest request;
        try {
            request = HttpRequest.read(input, requestId);
        } catch (Problem problem) {
            return problem.toResponse("/", requestId);
        } catch (com.fasterxml.jackson.core.JsonProcessingException | java.io.CharConversionException noEvent) {
            return Problem.badRequest("The event is not one of an API gateway.").toResponse("/", requestId);
        }
        try {
            var caller =
                    authenticator.authenticate(request.header("authorization").orElse(null));
            return handle(caller, request, deadline);
        } catch (RuntimeException failure) {
            return problem(failure, request).toResponse(request.path(), request.requestId());
        }
    }

    private static Problem problem(RuntimeException failure, HttpRequest request) {
        return switch (failure) {
            case Problem problem -> problem;
            case Unauthorized unauthorized -> Problem.unauthorized(message(unauthorized));
            case NoTenant noTenant -> Problem.forbidden(message(noTenant));
            case ValueRefused refused -> Problem.invalid("", message(refused));
            case MigrationPending pending -> {
                log(System.Logger.Level.WARNING, request, pending);
                yield Problem.migrationPending("The database has not been migrated for this operation yet.");
            }
            case DatabaseUnavailable unavailable -> {
                log(System.Logger.Level.ERROR, request, unavailable);
                yield Problem.unavailable("The database cannot be reached; try again.");
            }
            case KeysUnavailable unavailable -> {
                log(System.Logger.Level.ERROR, request, unavailable);
                yield Problem.unavailable("The keys that tokens are verified with cannot be had; try again.");
            }
            default -> {
                LOG.log(System.Logger.Level.ERROR, "request " + request.requestId() + ": a bug", failure);
                yield Problem.internal();
            }
        };
    }

    private static void log(System.Logger.Level level, HttpRequest request, RuntimeException failure) {
        LOG.log(level, "request " + request.requestId() + ": " + failure.getMessage());
    }

    private static String message(RuntimeException failure) {
        return String.valueOf(failure.getMessage());
    }

    /** What belongs to a user stays out of caches, and nobody guesses content types. */
    private static HttpResponse secured(HttpResponse response) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("cache-control", "no-store");
        headers.put("x-content-type-options", "nosniff");
        headers.putAll(response.headers());
        return new HttpResponse(response.status(), headers, response.body());
    }
}
