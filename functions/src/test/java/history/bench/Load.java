package history.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;
import java.util.stream.LongStream;

/** Callers that each ask again as soon as they are answered. */
final class Load {
    /** How long each call took, and what all of them cost. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Slice(long[] nanos, double seconds, double functionCpu, double databaseCpu) {
        double perSecond() {
            return nanos.length / seconds;
        }
    }

    private Load() {}

    static Slice run(
            Side side, Action action, int callers, double seconds, DoubleSupplier function, DoubleSupplier database)
            throws Exception {
        var functionCpu = function.getAsDouble();
        var databaseCpu = database.getAsDouble();
        var began = System.nanoTime();
        var end = began + (long) (seconds * 1e9);
        long[] nanos = callers == 1 ? repeat(side, action, 0, end) : together(side, action, callers, end);
        var took = (System.nanoTime() - began) / 1e9;
        return new Slice(nanos, took, function.getAsDouble() - functionCpu, database.getAsDouble() - databaseCpu);
    }

    private static long[] together(Side side, Action action, int callers, long end)
            throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(callers)) {
            List<Future<long[]>> all = new ArrayList<>();
            for (var i = 0; i < callers; i++) {
                var caller = i;
                all.add(threads.submit(() -> repeat(side, action, caller, end)));
            }
            var nanos = LongStream.builder();
            for (var each : all) {
                LongStream.of(each.get()).forEach(nanos);
            }
            return nanos.build().toArray();
        }
    }

    private static long[] repeat(Side side, Action action, int caller, long end) throws Exception {
        var nanos = LongStream.builder();
        for (var now = System.nanoTime(); now < end; ) {
            side.call(action, caller);
            var then = System.nanoTime();
            nanos.add(then - now);
            now = then;
        }
        return nanos.build().toArray();
    }
}
