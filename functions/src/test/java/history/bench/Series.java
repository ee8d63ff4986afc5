package history.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The slices of one side, taken in turn with those of the others. */
record Series(List<Load.Slice> slices) {
    double perSecond() {
        return median(Load.Slice::perSecond);
    }

    private double median(ToDoubleFunction<Load.Slice> figure) {
        return median(slices.stream().mapToDouble(figure).toArray());
    }

    /** In milliseconds, of all calls. */
    double percentile(int percent) {
        var sorted = slices.stream()
                .flatMapToLong(slice -> Arrays.stream(slice.nanos()))
                .sorted()
                .toArray();
        return sorted[(int) Math.min(sorted.length - 1L, (long) sorted.length * percent / 100)] / 1e6;
    }

    /** CPU seconds for a thousand calls. */
    double cpu(ToDoubleFunction<Load.Slice> of) {
        var calls = slices.stream().mapToInt(slice -> slice.nanos().length).sum();
        return slices.stream().mapToDouble(of).sum() * 1000 / calls;
    }

    double functionCpu() {
        return cpu(Load.Slice::functionCpu);
    }

    double databaseCpu() {
        return cpu(Load.Slice::databaseCpu);
    }

    /** The median of what each round gives, so that noise hits both sides alike. */
    double ratio(Series other, ToDoubleFunction<Load.Slice> figure) {
        return median(IntStream.range(0, slices.size())
                .mapToDouble(i -> figure.applyAsDouble(slices.get(i)) / figure.applyAsDouble(other.slices.get(i)))
                .toArray());
    }

    static double middle(Load.Slice slice) {
        return median(Arrays.stream(slice.nanos()).asDoubleStream().toArray());
    }

    static double median(double... values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
}
