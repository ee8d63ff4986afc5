package history.bench;

import history.fixture.World;
import history.migration.ReleaseDump;
import history.postgres.PostgresVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.DoubleSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** {@code ./mvnw -Pbench}: see docs/performance.md. */
public final class Benchmarks {
    /** More than the functions remember. */
    private static final int NEW_TOKENS = 3_000;

    private static final Logger ROOT = Logger.getLogger("");
    private static final Logger REQUESTS = Logger.getLogger("history.request");

    private final Report report = new Report();
    private final Stand stand;
    private final DoubleSupplier database;

    private Benchmarks(Stand stand) throws SQLException {
        this.stand = stand;
        this.database = Meter.postgres(stand.world().database());
    }

    public static void main(String[] arguments) throws Exception {
        ROOT.setLevel(Level.SEVERE);
        logRequests();
        var only = System.getProperty("bench.only", "warm,far,earlier,cold,peers,large");
        try (var stand = Stand.create(World.create())) {
            var benchmarks = new Benchmarks(stand);
            if (only.contains("warm")) {
                benchmarks.warm();
            }
            if (only.contains("far")) {
                benchmarks.farAway();
            }
            if (only.contains("earlier")) {
                benchmarks.besideEarlierRelease();
            }
            if (only.contains("cold")) {
                new ColdStarts(stand, benchmarks.report).run();
            }
            if (only.contains("peers") && Boolean.getBoolean("peers")) {
                new Peers(stand, benchmarks.database, benchmarks.report).run();
            }
            if (only.contains("large") && Boolean.getBoolean("large")) {
                new Growth(stand, benchmarks.database, benchmarks.report).run();
            }
            benchmarks.report.write(Path.of("target", "bench"));
        }
        // What is left, such as idle connections, is not worth waiting for.
        System.exit(0);
    }

    /** The line of each request is made as in Lambda, and written to nowhere. */
    private static void logRequests() {
        REQUESTS.setLevel(Level.FINE);
        REQUESTS.setUseParentHandlers(false);
        REQUESTS.addHandler(new Handler() {
            private final OutputStream nowhere = OutputStream.nullOutputStream();

            @Override
            public void publish(LogRecord entry) {
                try {
                    nowhere.write(entry.getMessage().getBytes(StandardCharsets.UTF_8));
                } catch (IOException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
    }

    private void warm() throws Exception {
        var port = stand.port();
        try (var jdbc = new BareJdbc(stand, port);
                var trips = new FourTrips(stand, port);
                var strangers = new Functions(
                        "the function, new tokens", stand, port, getClass().getClassLoader(), newTokens());
                var functions = new Functions("the function", stand, port)) {
            var comparison =
                    Comparison.inThisProcess("Warm, in one process", List.of(functions, jdbc, trips), database, report);
            for (var action : Action.values()) {
                if (action == Action.LIST) {
                    comparison.settle(action);
                } else {
                    comparison.warmUp(action);
                }
                var alone = comparison.run(action, 1);
                comparison.run(action, Stand.CALLERS);
                if (action == Action.LIST) {
                    report.target(
                            "list through the handler / bare JDBC, p50",
                            "<= 1.3",
                            of(alone, functions).ratio(of(alone, jdbc), Series::middle));
                }
            }
            // With the signature verified each time, what nobody can do without.
            var first = Comparison.inThisProcess(
                    "Warm, each token for the first time", List.of(strangers, functions), database, report);
            first.warmUp(Action.LIST);
            first.run(Action.LIST, 1);
        }
    }

    private BiFunction<Action, Integer, String> newTokens() {
        var bearers = new ArrayList<String>();
        var person = stand.readers().getFirst();
        for (var i = 0; i < NEW_TOKENS; i++) {
            bearers.add(stand.tokens()
                    .user(person.userId())
                    .tenant(person.tenantId())
                    .claim("jti", i)
                    .bearer());
        }
        var next = new AtomicInteger();
        return (action, caller) -> bearers.get(next.getAndIncrement() % NEW_TOKENS);
    }

    private void farAway() throws Exception {
        try (var proxy = new DelayProxy(stand.port(), Duration.ofMillis(1));
                var functions = new Functions("the function", stand, proxy.port());
                var jdbc = new BareJdbc(stand, proxy.port());
                var trips = new FourTrips(stand, proxy.port())) {
            var comparison = Comparison.inThisProcess(
                    "PostgreSQL 1 ms away in each direction", List.of(functions, jdbc, trips), database, report);
            comparison.warmUp(Action.LIST);
            comparison.run(Action.LIST, 1);
        }
    }

    /** On a database as that release left it, with the same people and conversations. */
    private void besideEarlierRelease() throws Exception {
        var dump = new ReleaseDump(ColdStarts.RELEASE, PostgresVersion.V18, "fresh");
        try (var then = Stand.create(World.create(dump.toString(), dump::restoreInto));
                var earlier = ColdStarts.functionsOf(ColdStarts.RELEASE, then);
                var functions = new Functions("the function", stand, stand.port())) {
            var comparison = Comparison.inThisProcess(
                    "Beside " + ColdStarts.RELEASE, List.of(functions, earlier), database, report);
            for (var action : Action.values()) {
                comparison.warmUp(action);
                var all = comparison.run(action, 1);
                if (action == Action.CHAT) {
                    report.target(
                            "PostgreSQL's CPU per chat turn / " + ColdStarts.RELEASE,
                            "<= 0.4",
                            of(all, functions).databaseCpu() / of(all, earlier).databaseCpu());
                }
            }
        }
    }

    private static Series of(Map<String, Series> all, Side side) {
        return Objects.requireNonNull(all.get(side.name()));
    }
}
