package history.http;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import history.auth.Authenticator;
import history.auth.Caller;
import history.failure.Failure;
import history.gateway.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call, from the gateway's event to the response: authenticates the caller, lets the endpoint work, and turns failures
 * into problems. That happens nowhere else.
 *
 * <p>The streams are the runtime's own, not typed events: those would load a second Jackson at a cold start.
 */
public abstract class ApiHandler implements RequestStreamHandler {
    private static final System.Logger LOG = System.getLogger(ApiHandler.class.getName());

    private final Route route;
    private final Authenticator authenticator;
    private final List<String> parameters;

    /**
     * @param route as in the template: {@code GET /api/things/{id}}
     * @param parameters the query parameters that are allowed; a misspelled filter must not be ignored silently
     */
    protected ApiHandler(String route, Authenticator authenticator, String... parameters) {
        this.route = Route.of(route);
        this.authenticator = authenticator;
        this.parameters = List.of(parameters);
    }

    /** The endpoint's work for an authenticated caller; a {@link Problem} is thrown as a response, too. */
    protected abstract HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline);

    @Override
    public final void handleRequest(InputStream input, OutputStream output, @Nullable Context context)
            throws IOException {
        serve(input, output, context == null ? "local" : context.getAwsRequestId(), Deadline.of(context));
    }

    /** The same for a runtime of our own, whose output may be {@link Streaming}. */
    public final void serve(InputStream input, OutputStream output, String requestId, Deadline deadline)
            throws IOException {
        new ResponseWriter(output).write(secured(respond(input, requestId, deadline)));
    }

    private HttpResponse respond(InputStream input, String requestId, Deadline deadline) throws IOException {
        HttpRequest request;
        try {
            request = HttpRequest.read(input, route, requestId);
        } catch (Problem problem) {
            return problem.toResponse("/", requestId);
        } catch (com.fasterxml.jackson.core.JsonProcessingException | java.io.CharConversionException noEvent) {
            return Problem.badRequest("The event is not one of an API gateway.").toResponse("/", requestId);
        }
        HttpResponse response = answer(request, deadline);
        // RFC 9110, 9.3.2: what GET would answer, without its body.
        return request.method().equals("HEAD") ? response.with(new HttpResponse.Body.Text("")) : response;
    }

    private HttpResponse answer(HttpRequest request, Deadline deadline) {
        try {
            if (!route.accepts(request.method())) {
                throw Problem.methodNotAllowed(route.method());
            }
            var authorization = request.header("authorization").orElse(null);
            var caller = authenticator.authenticate(authorization, deadline.at());
            request.checkParameters(parameters);
            return handle(caller, request, deadline);
        } catch (RuntimeException exception) {
            return problem(exception, request).toResponse(request.path(), request.requestId());
        }
    }

    private static Problem problem(RuntimeException exception, HttpRequest request) {
        return switch (exception) {
            case Problem problem -> problem;
            case Failure failure -> problem(failure, request);
            default -> {
                LOG.log(System.Logger.Level.ERROR, "request " + request.requestId() + ": a bug", exception);
                yield Problem.internal();
            }
        };
    }

    private static Problem problem(Failure failure, HttpRequest request) {
        return switch (failure.kind()) {
            case UNAUTHORIZED -> Problem.unauthorized(failure.message());
            case FORBIDDEN -> Problem.forbidden(failure.message());
            // The database's limits begin with the name of the field.
            case INVALID ->
                Problem.invalid(failure.message().startsWith("metadata ") ? "/metadata" : "", failure.message());
            case NOT_MIGRATED -> {
                log(System.Logger.Level.WARNING, request, failure);
                yield Problem.migrationPending("The database has not been migrated for this operation yet.");
            }
            case DATABASE_AWAY -> {
                log(System.Logger.Level.ERROR, request, failure);
                yield Problem.unavailable("The database cannot be reached or is too busy; try again.");
            }
            case KEYS_AWAY -> {
                log(System.Logger.Level.ERROR, request, failure);
                yield Problem.unavailable("The keys that tokens are verified with cannot be fetched; try again.");
            }
        };
    }

    private static void log(System.Logger.Level level, HttpRequest request, Failure failure) {
        LOG.log(level, "request " + request.requestId() + ": " + failure.message());
    }

    /** A user's data stays out of caches, and nobody guesses content types. */
    private static HttpResponse secured(HttpResponse response) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("cache-control", "no-store");
        headers.put("x-content-type-options", "nosniff");
        headers.putAll(response.headers());
        return new HttpResponse(response.status(), headers, response.body());
    }
}
