package history.http;

import java.util.concurrent.Callable;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * What is done once before Lambda takes the snapshot that every start of a function is a copy of; elsewhere it is never done.
 *
 * <p>Lambda holds it weakly: whoever makes one must keep it.
 */
final class BeforeSnapshot implements Resource {
    private static final System.Logger LOG = System.getLogger(BeforeSnapshot.class.getName());

    private final Runnable work;

    BeforeSnapshot(Runnable work) {
        this.work = work;
        if ("snap-start".equals(System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE"))) {
            Core.getGlobalContext().register(this); // by proxies, which take their time
        }
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        work.run();
    }

    /** A copy has nothing to make good. */
    @Override
    public void afterRestore(Context<? extends Resource> context) {}

    /** Does it, or says why not: what cannot be prepared is no reason to deploy nothing. */
    static void attempt(String what, Callable<?> work) {
        try {
            LOG.log(System.Logger.Level.INFO, "before the snapshot: " + what + ": " + work.call());
        } catch (Exception | LinkageError failure) {
            LOG.log(System.Logger.Level.WARNING, "before the snapshot: " + what + " failed: " + failure);
        }
    }
}
