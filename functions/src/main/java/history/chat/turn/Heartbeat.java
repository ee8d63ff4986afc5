package history.chat.turn;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Repeats some work until it is closed, even if it fails once. */
public final class Heartbeat implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Heartbeat.class.getName());

    private final String what;
    private final Duration interval;
    private final Runnable work;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CompletableFuture<Void> beating;

    /** @param what names the work in the log */
    public Heartbeat(String what, Duration interval, Runnable work) {
        this.what = what;
        this.interval = interval;
        this.work = work;
        this.beating =
                CompletableFuture.runAsync(this::beat, it -> Thread.ofVirtual().start(it));
    }

    private void beat() {
        try {
            while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                runOnce();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void runOnce() {
        try {
            work.run();
        } catch (RuntimeException | Error failure) {
            LOG.log(System.Logger.Level.WARNING, what + " failed and is tried again: " + failure.getMessage());
        }
    }

    /** Waits for work in progress and never interrupts it, because that would break a connection. */
    @Override
    public void close() {
        closed.countDown();
        beating.join();
    }
}
