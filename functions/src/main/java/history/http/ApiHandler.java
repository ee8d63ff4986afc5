package history.http;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import history.auth.Authenticator;
import history.auth.Caller;
import history.failure.Failure;
import history.gateway.Route;
import history.log.JsonLog;
import history.log.RequestLog;
import history.text.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/**
 * One call, from the gateway's event to the response: authenticates the caller, lets the endpoint work, and turns failures
 * into problems. That happens nowhere else.
 *
 * <p>The streams are the runtime's own, not typed events: those would load a second Jackson at a cold start.
 */
public abstract class ApiHandler implements RequestStreamHandler {
    static {
        JsonLog.install();
    }

    private static final System.Logger LOG = System.getLogger(ApiHandler.class.getName());

    private static final Duration PRIMING = Duration.ofSeconds(15);

    private final Route route;
    private final Authenticator authenticator;
    private final Cors cors;
    private final List<String> parameters;

    @SuppressWarnings("unused") // kept
    private final BeforeSnapshot priming;

    /**
     * @param route as in the template: {@code GET /api/things/{id}}
     * @param cors of an endpoint that may be behind a gateway without CORS of its own
     * @param parameters the query parameters that are allowed; a misspelled filter must not be ignored silently
     */
    protected ApiHandler(String route, Authenticator authenticator, Cors cors, String... parameters) {
        this.route = Route.of(route);
        this.authenticator = authenticator;
        this.cors = cors;
        this.parameters = List.of(parameters);
        var type = getClass();
        this.priming = new BeforeSnapshot(() -> prime(type));
        LOG.log(System.Logger.Level.INFO, "Conversation History " + Release.VERSION);
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
        try (var log = RequestLog.begin(route.method() + " " + route.template(), requestId)) {
            try {
                var answer = secured(respond(input, requestId, deadline, request -> {
                    var authorization = request.header("authorization").orElse(null);
                    return authenticator.authenticate(authorization, deadline.at());
                }));
                new ResponseWriter(output).write(answer.with("x-request-id", String.valueOf(log.requestId())));
                log.status(answer.status());
            } catch (Throwable unanswered) {
                LOG.log(System.Logger.Level.ERROR, "request " + requestId + ": " + unanswered, unanswered);
                throw unanswered;
            }
        }
    }

    /**
     * Takes a copy of the handler through a request of nobody's, which changes nothing: the snapshot gets the classes, and nothing
     * of what the copy has learned, such as keys, credentials and connections.
     */
    private static void prime(Class<? extends ApiHandler> type) {
        BeforeSnapshot.attempt("nobody's request to " + type.getSimpleName(), () -> {
            var copy = type.getConstructor().newInstance();
            BeforeSnapshot.attempt("keys tried", copy.authenticator::prime);
            BeforeSnapshot.attempt("request to a model written", copy::primeModel);
            return copy.primeRequest();
        });
    }

    private int primeRequest() throws IOException {
        var event = Json.MAPPER
                .createObjectNode()
                .put("httpMethod", route.method())
                .put("path", route.template().replaceAll("\\{\\w+}", Caller.NOBODY.toString()))
                .put("body", example());
        var deadline = new Deadline(Instant.now().plus(PRIMING));
        var input = new ByteArrayInputStream(event.toString().getBytes(StandardCharsets.UTF_8));
        var answer = secured(respond(input, "snapshot", deadline, request -> Caller.nobody(deadline.at())));
        new ResponseWriter(new ByteArrayOutputStream()).write(answer);
        return answer.status();
    }

    /** A body as the endpoint takes it. */
    protected String example() {
        return "{\"title\":\"Hello\"}";
    }

    /** Does once what a request to a model needs, and sends none; whether there is one. */
    protected boolean primeModel() {
        return false;
    }

    private HttpResponse respond(
            InputStream input, String requestId, Deadline deadline, Function<HttpRequest, Caller> callers)
            throws IOException {
        HttpRequest request;
        try {
            request = HttpRequest.read(input, route, requestId);
        } catch (Problem problem) {
            return problem.toResponse("/", requestId);
        } catch (com.fasterxml.jackson.core.JsonProcessingException | java.io.CharConversionException noEvent) {
            return Problem.badRequest("The event is not one of an API gateway.").toResponse("/", requestId);
        }
        RequestLog.current()
                .request(request.requestId(), request.header("traceparent").orElse(null));
        HttpResponse response = cors.on(request, answer(request, deadline, callers));
        // RFC 9110, 9.3.2: what GET would answer, without its body.
        return request.method().equals("HEAD") ? response.with(new HttpResponse.Body.Text("")) : response;
    }

    private HttpResponse answer(HttpRequest request, Deadline deadline, Function<HttpRequest, Caller> callers) {
        try {
            if (cors.isPreflight(request)) {
                return cors.preflight(route.method());
            }
            if (!route.accepts(request.method())) {
                throw Problem.methodNotAllowed(route.method().replace("GET", "GET, HEAD"));
            }
            var caller = callers.apply(request);
            logged(caller);
            request.checkParameters(parameters);
            return handle(caller, request, deadline);
        } catch (RuntimeException exception) {
            return problem(exception, request).toResponse(request.path(), request.requestId());
        }
    }

    /** A tenant that the token does not name is known to the database only; one that is no UUID may be anything. */
    private static void logged(Caller caller) {
        var log = RequestLog.current();
        log.put("user", caller.userId().toString());
        Optional.ofNullable(caller.tenantClaim())
                .flatMap(HttpRequest::uuid)
                .ifPresent(tenant -> log.put("tenant", tenant.toString()));
    }

    private static Problem problem(RuntimeException exception, HttpRequest request) {
        return switch (exception) {
            case Problem problem -> problem;
            case Failure failure -> problem(failure, request);
            default -> {
                LOG.log(System.Logger.Level.ERROR, "request " + request.requestId() + ": a bug", exception);
                yield Problem.internal("Something went wrong");
            }
        };
    }

    private static Problem problem(Failure failure, HttpRequest request) {
        return switch (failure.kind()) {
            case UNAUTHORIZED -> {
                RequestLog.current().say(Level.INFO, failure.message());
                var token = request.header("authorization").orElse("").regionMatches(true, 0, "Bearer ", 0, 7);
                yield Problem.unauthorized(failure.message() + ".")
                        .with("www-authenticate", token ? "Bearer error=\"invalid_token\"" : "Bearer"); // RFC 6750, 3.1
            }
            case FORBIDDEN -> {
                RequestLog.current().say(Level.INFO, failure.message());
                yield Problem.forbidden(failure.message());
            }
            case GONE -> Problem.gone(failure.message());
            case LIMITED -> {
                var problem = Problem.limited(failure.message());
                RequestLog.current().say(Level.INFO, problem.detail());
                yield problem;
            }
            // The database's limits begin with the name of the field.
            case INVALID ->
                Problem.invalid(failure.message().startsWith("metadata ") ? "/metadata" : "", failure.message());
            case NOT_MIGRATED -> {
                log(System.Logger.Level.WARNING, request, failure);
                yield Problem.migrationPending("The database has not been migrated for this operation yet.");
            }
            case DATABASE_AWAY -> {
                log(System.Logger.Level.ERROR, request, failure);
                yield Problem.unavailable(
                        "The database cannot be reached or is too busy, or this call has no time left; try again.");
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
