package history.runtime;

import com.amazonaws.services.lambda.crac.CheckpointException;
import com.amazonaws.services.lambda.crac.Core;
import com.amazonaws.services.lambda.runtime.api.client.runtimeapi.JniHelper;
import history.http.ApiHandler;
import history.http.Deadline;
import history.log.JsonLog;
import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.Security;
import java.util.Map;
import java.util.Objects;

/**
 * Takes one event after the other to the handler and streams its answers; the script {@code stream} starts it in place of
 * AWS's client, of which it keeps what is not about answers: trust store, hooks around a snapshot, reports of failures.
 */
public final class Loop {
    private static final System.Logger LOG = System.getLogger(Loop.class.getName());
    private static final String TRACE = "com.amazonaws.xray.traceHeader";

    private Loop() {}

    /** Ends with the process, when Lambda has gone or nothing can be served any more. */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> environment = System.getenv();
        JsonLog.install();
        prepare(environment);
        var api = new RuntimeApi(Objects.requireNonNull(environment.get("AWS_LAMBDA_RUNTIME_API")));
        var handler = handler(api, environment);
        if ("snap-start".equals(environment.get("AWS_LAMBDA_INITIALIZATION_TYPE"))) {
            snapshot(api);
        }
        while (true) {
            serve(api, handler, api.next());
            Thread.interrupted(); // whatever the handler left behind
        }
    }

    /** What Amazon Linux trusts, and for how long a name that was not found is not looked up again. */
    private static void prepare(Map<String, String> environment) {
        var system = new File("/etc/pki/java/cacerts");
        if (System.getProperty("javax.net.ssl.trustStore") == null && system.isFile()) {
            System.setProperty("javax.net.ssl.trustStore", system.getPath());
        }
        String seconds = environment.getOrDefault("AWS_LAMBDA_JAVA_NETWORKADDRESS_CACHE_NEGATIVE_TTL", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", seconds);
    }

    private static ApiHandler handler(RuntimeApi api, Map<String, String> environment) throws IOException {
        try {
            if (environment.containsKey("AWS_LAMBDA_MAX_CONCURRENCY")) {
                throw new IllegalStateException("one event at a time: not for Lambda Managed Instances");
            }
            var type = Class.forName(environment.getOrDefault("_HANDLER", "").split("::", 2)[0]);
            return type.asSubclass(ApiHandler.class).getConstructor().newInstance();
        } catch (ReflectiveOperationException | RuntimeException | LinkageError failure) {
            var cause = failure.getCause() == null ? failure : failure.getCause();
            throw ended(api, "init/error", "Runtime.BadFunctionCode", cause, 1);
        }
    }

    /** The snapshot is made while {@code restore/next} is waited for; each copy of it goes on from there. */
    private static void snapshot(RuntimeApi api) throws IOException {
        try {
            runHooks();
            api.restored();
        } catch (Exception | LinkageError failure) {
            throw ended(api, "init/error", "Runtime.BeforeCheckpointError", failure, 64);
        }
        try {
            Core.getGlobalContext().afterRestore(null);
        } catch (Exception | LinkageError failure) {
            throw ended(api, "restore/error", "Runtime.AfterRestoreError", failure, 64);
        }
    }

    /** With its native code the client's context forgets the names that were looked up, too. */
    private static void runHooks() throws CheckpointException {
        try {
            JniHelper.load();
            Core.getGlobalContext().beforeCheckpoint(null);
        } catch (LinkageError changed) {
            LOG.log(Level.WARNING, "the runtime client is not the one that is known here: " + changed);
        }
    }

    private static void serve(RuntimeApi api, ApiHandler handler, RuntimeApi.Invocation invocation) throws IOException {
        if (invocation.trace() == null) {
            System.clearProperty(TRACE);
        } else {
            System.setProperty(TRACE, invocation.trace());
        }
        var answer = new ResponseStream(api, invocation.id());
        try {
            handler.serve(invocation.event(), answer, invocation.id(), new Deadline(invocation.deadline()));
        } catch (Throwable failure) {
            var error = RuntimeApi.error(failure, "see the log of request " + invocation.id());
            if (answer.hasBegun()) {
                answer.end(error);
            } else {
                api.report("invocation/" + invocation.id() + "/error", error);
            }
            if (failure instanceof VirtualMachineError) {
                System.exit(1);
            }
            return;
        }
        answer.end(null);
    }

    /** Never returns. */
    private static IllegalStateException ended(RuntimeApi api, String path, String type, Throwable failure, int status)
            throws IOException {
        LOG.log(Level.ERROR, type + ": " + failure, failure);
        var error = RuntimeApi.error(failure, String.valueOf(failure.getMessage()));
        api.report(path, new RuntimeApi.Failed(type, error.json()));
        System.exit(status);
        return new IllegalStateException(failure);
    }
}
