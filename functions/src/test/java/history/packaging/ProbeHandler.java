package history.packaging;

import history.auth.Authenticator;
import history.auth.Caller;
import history.config.Variables;
import history.http.ApiHandler;
import history.http.Cors;
import history.http.Deadline;
import history.http.HttpRequest;
import history.http.HttpResponse;
import java.lang.management.ManagementFactory;
import java.security.Security;
import java.time.Duration;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/** Tells how its process was started and what it was told of the call; fails when {@code PROBE_FAILS} says so. */
public final class ProbeHandler extends ApiHandler implements Resource {
    public ProbeHandler() {
        var variables = new Variables(System.getenv());
        super("GET /probe", Authenticator.from(variables), Cors.NONE);
        Core.getGlobalContext().register(this);
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        failIf("before");
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        failIf("after");
    }

    private static void failIf(String when) {
        if (when.equals(System.getenv("PROBE_FAILS"))) {
            throw new IllegalStateException("will not");
        }
    }

    @Override
    protected HttpResponse handle(Caller caller, HttpRequest request, Deadline deadline) {
        if ("request".equals(System.getenv("PROBE_FAILS"))) {
            throw new OutOfMemoryError("probe");
        }
        return HttpResponse.json(
                200,
                String.join(
                        "\n",
                        "trace " + System.getProperty("com.amazonaws.xray.traceHeader"),
                        "interrupted " + Thread.interrupted(),
                        "request " + request.requestId(),
                        "in time " + deadline.remaining(Duration.ofSeconds(31)).isZero(),
                        "negative ttl " + Security.getProperty("networkaddress.cache.negative.ttl"),
                        "options " + ManagementFactory.getRuntimeMXBean().getInputArguments()));
    }
}
