package history.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** Several sides that do the same in turn, a slice of time each, round after round. */
final class Comparison {
    private static final double WARM_UP = Double.parseDouble(System.getProperty("bench.warm-up", "1.5"));
    private static final double SLICE = Double.parseDouble(System.getProperty("bench.slice", "0.3"));
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);

    private static final long MINUTE = 60_000_000_000L;

    /** How many seconds of calls are compared with as many before them, once there were so many calls. */
    private static final int SECONDS = 5;

    private static final int CALLS = 20_000;

    private final String part;
    private final Map<Side, DoubleSupplier> sides;
    private final DoubleSupplier database;
    private final Report report;

    /** @param sides each with the CPU of the process that serves it */
    Comparison(String part, Map<Side, DoubleSupplier> sides, DoubleSupplier database, Report report) {
        this.part = part;
        this.sides = sides;
        this.database = database;
        this.report = report;
    }

    static Comparison inThisProcess(String part, List<Side> sides, DoubleSupplier database, Report report) {
        var meters = new LinkedHashMap<Side, DoubleSupplier>();
        sides.forEach(side -> meters.put(side, Meter.thisProcess()));
        return new Comparison(part, meters, database, report);
    }

    void warmUp(Action action) throws Exception {
        warmUp(action, 1);
    }

    /** Until the process has had so much CPU for each side, or it and PostgreSQL three times that; or a minute has passed on a busy machine. */
    void warmUp(Action action, int times) throws Exception {
        var enough = times * (action == Action.LIST ? 2 : 1) * WARM_UP;
        for (var side : sides.entrySet()) {
            var function = side.getValue().getAsDouble();
            var both = function + database.getAsDouble();
            var end = System.nanoTime() + MINUTE;
            while (side.getValue().getAsDouble() < function + enough
                    && side.getValue().getAsDouble() + database.getAsDouble() < both + 3 * enough
                    && System.nanoTime() < end) {
                Load.run(side.getKey(), action, Stand.CALLERS, 0.1, () -> 0, () -> 0);
            }
        }
    }

    /** Until a call has stopped becoming cheaper, which takes a compiler tens of thousands of them; or two minutes have passed. */
    void settle(Action action) throws Exception {
        for (var side : sides.entrySet()) {
            var costs = new ArrayList<Double>();
            var calls = 0;
            while (costs.size() < 120 && (calls < CALLS || !isSettled(costs))) {
                var second = Load.run(side.getKey(), action, Stand.CALLERS, 1, side.getValue(), () -> 0);
                calls += second.nanos().length;
                costs.add(second.functionCpu() / second.nanos().length);
            }
        }
    }

    private static boolean isSettled(List<Double> costs) {
        var last = costs.size() - SECONDS;
        return last >= SECONDS
                && mean(costs.subList(last, costs.size())) > 0.97 * mean(costs.subList(last - SECONDS, last));
    }

    private static double mean(List<Double> costs) {
        return costs.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** By the names of the sides. */
    Map<String, Series> run(Action action, int callers) throws Exception {
        var series = new LinkedHashMap<String, Series>();
        for (var round = 0; round < ROUNDS; round++) {
            for (var side : sides.entrySet()) {
                series.computeIfAbsent(side.getKey().name(), name -> new Series(new ArrayList<>()))
                        .slices()
                        .add(Load.run(side.getKey(), action, callers, SLICE, side.getValue(), database));
            }
        }
        var what = "%s, %d %s".formatted(action.text(), callers, callers == 1 ? "caller" : "callers");
        series.forEach((side, each) -> report.add(
                part,
                what,
                side,
                Map.of(
                        Report.PER_SECOND, each.perSecond(),
                        Report.P50, each.percentile(50),
                        Report.P99, each.percentile(99),
                        Report.FUNCTION, each.functionCpu(),
                        Report.DATABASE, each.databaseCpu())));
        return series;
    }
}
