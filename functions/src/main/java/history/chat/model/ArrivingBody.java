package history.chat.model;

import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A response body that is read while it arrives and whose reads end at a time limit.
 *
 * <p>The JDK's own stream waits forever for a silent server: the request's timeout covers only the headers.
 */
final class ArrivingBody extends InputStream implements BodySubscriber<InputStream> {

    private sealed interface Signal {
        record Bytes(List<ByteBuffer> buffers) implements Signal {}

        record End(@Nullable Throwable cause) implements Signal {}
    }

    private final TimeLimit limit;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final CompletableFuture<InputStream> self = CompletableFuture.completedFuture(this);
    private volatile @Nullable Subscription subscription;
    private List<ByteBuffer> current = List.of();
    private boolean ended;

    ArrivingBody(TimeLimit limit) {
        this.limit = limit;
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        while (!ended) {
            for (var buffer : current) {
                if (buffer.hasRemaining()) {
                    var count = Math.min(length, buffer.remaining());
                    buffer.get(target, offset, count);
                    return count;
                }
            }
            await();
        }
        return -1;
    }

    private void await() {
        switch (next()) {
            case Signal.Bytes bytes -> {
                current = bytes.buffers();
                demand();
            }
            case Signal.End end -> {
                ended = true;
                if (end.cause() != null) {
                    throw new ModelFailure.Failed("The connection to the model broke", end.cause());
                }
            }
        }
    }

    private Signal next() {
        try {
            Signal signal = null;
            while (signal == null) {
                signal = signals.poll(limit.nextWait(), TimeUnit.NANOSECONDS);
            }
            return signal;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelFailure.Failed("The call was interrupted", e);
        }
    }

    private void demand() {
        var source = subscription;
        if (source != null) {
            source.request(1);
        }
    }

    @Override
    public void close() {
        var source = subscription;
        if (source != null) {
            source.cancel();
        }
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return self;
    }

    @Override
    public void onSubscribe(Subscription source) {
        subscription = source;
        source.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Signal.Bytes(buffers));
    }

    @Override
    public void onError(Throwable cause) {
        signals.add(new Signal.End(cause));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.End(null));
    }
}
