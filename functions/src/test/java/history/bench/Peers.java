package history.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;

/** Our functions behind the gateway of the local run, beside servers that others would write; all over HTTP, each a process. */
final class Peers {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String OURS = "the function";
    private static final String LOCAL = "the function, as -Plocal";
    private static final String NODE = "Node";
    private static final String NODE_LOOK_UP = "Node + look-up";
    private static final List<Action> ACTIONS = List.of(Action.LIST, Action.GET, Action.POST, Action.PATCH);
    private static final List<String> C1 = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** How many times longer a warm-up is: the gateway and the second compiler begin from nothing. */
    private static final int JIT = 4;

    /** Requests per second beside Node's, with the default JIT and as the local run is started. */
    private static final Map<Action, List<Double>> TARGETS = Map.of(
            Action.LIST, List.of(1.5, 1.3),
            Action.GET, List.of(1.3, 1.1),
            Action.POST, List.of(1.2, 1.0),
            Action.PATCH, List.of(1.2, 1.0));

    private final Stand stand;
    private final DoubleSupplier database;
    private final Report report;
    private final Path folder = Path.of("target", "peers").toAbsolutePath();

    Peers(Stand stand, DoubleSupplier database, Report report) {
        this.stand = stand;
        this.database = database;
        this.report = report;
    }

    void run() throws Exception {
        report.note("PostgREST was not measured: npm's registry has clients of it, and no server.");
        if (!install()) {
            return;
        }
        var local = localOptions();
        var sides = new ArrayList<Served>();
        try (var proxy = new DelayProxy(stand.port(), Duration.ofMillis(1))) {
            sides.add(ours(OURS, List.of(), stand.port()));
            sides.add(ours(LOCAL, local, stand.port()));
            if (!local.containsAll(C1)) {
                sides.add(ours("the function, C1", C1, stand.port()));
            }
            sides.add(node(NODE, "", stand.port()));
            sides.add(node(NODE_LOOK_UP, "yes", stand.port()));
            for (var peer : sides) {
                walk(sides.getFirst(), peer);
            }
            near(sides);
            var far = List.of(
                    ours(OURS, List.of(), proxy.port()),
                    node(NODE, "", proxy.port()),
                    node(NODE_LOOK_UP, "yes", proxy.port()));
            sides.addAll(far);
            far(far);
        } finally {
            sides.forEach(Served::close);
        }
    }

    private void near(List<Served> sides) throws Exception {
        var comparison = comparison("Over HTTP", sides);
        for (var action : ACTIONS) {
            if (action == Action.LIST) {
                comparison.settle(action);
            } else {
                comparison.warmUp(action, JIT);
            }
            comparison.run(action, 1);
            var all = comparison.run(action, Stand.CALLERS);
            var targets = Objects.requireNonNull(TARGETS.get(action));
            beside(all, OURS, action, targets.getFirst());
            beside(all, LOCAL, action, targets.getLast());
            if (action == Action.LIST) {
                report.target(
                        "CPU of function and PostgreSQL for lists / Node's", "<= 0.8", cpu(all, OURS) / cpu(all, NODE));
            }
        }
    }

    private void beside(Map<String, Series> all, String side, Action action, double target) {
        report.target(
                "%s: requests/s of %s / Node's".formatted(action.text(), side),
                ">= " + target,
                of(all, side).ratio(of(all, NODE), Load.Slice::perSecond));
    }

    private void far(List<Served> sides) throws Exception {
        var comparison = comparison("Over HTTP, PostgreSQL 1 ms away in each direction", sides);
        comparison.warmUp(Action.LIST, JIT);
        var all = comparison.run(Action.LIST, 1);
        report.target(
                "list at +1 ms per direction, p50 / Node's",
                "<= 0.45",
                of(all, OURS).ratio(of(all, NODE), Series::middle));
    }

    private Comparison comparison(String part, List<Served> sides) {
        var meters = new LinkedHashMap<Side, DoubleSupplier>();
        sides.forEach(side -> meters.put(side, side.meter()));
        return new Comparison(part, meters, database, report);
    }

    private static Series of(Map<String, Series> all, String side) {
        return Objects.requireNonNull(all.get(side));
    }

    private static double cpu(Map<String, Series> all, String side) {
        return of(all, side).functionCpu() + of(all, side).databaseCpu();
    }

    /** Whoever does something else is not compared. */
    private static void walk(Served ours, Served peer) throws IOException {
        for (var action : ACTIONS) {
            var wanted = ready(ours, action);
            var given = ready(peer, action);
            if (wanted.status() != given.status() || !comparable(action, wanted).equals(comparable(action, given))) {
                throw new IllegalStateException(
                        "%s answers %s with %.500s, not with %.500s".formatted(peer.name(), action, given, wanted));
            }
        }
    }

    /** On a busy machine the first request may take all the time that it has. */
    private static Served.Answer ready(Served side, Action action) throws IOException {
        var answer = side.ask(action, 0, action.body(1, ""));
        for (var i = 0; i < 10 && answer.status() == 503; i++) {
            answer = side.ask(action, 0, action.body(1, ""));
        }
        return answer;
    }

    /** Without what is new each time. */
    private static JsonNode comparable(Action action, Served.Answer answer) throws IOException {
        var json = JSON.readTree(answer.body());
        if (action != Action.LIST && action != Action.GET) {
            ((ObjectNode) json).remove(List.of("id", "created_at", "updated_at", "revision"));
        }
        return json;
    }

    private Served ours(String name, List<String> options, int port) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ServedFunctions.class.getName()));
        return Served.start(name, stand, Path.of("").toAbsolutePath(), stand.environment(port), command);
    }

    private Served node(String name, String lookUp, int port) throws IOException {
        var environment = stand.environment(port);
        environment.put("LOOK_UP", lookUp);
        environment.put(
                "STATEMENTS",
                JSON.writeValueAsString(Map.of(
                        "settings", FourTrips.SETTINGS,
                        "tenant", "select tenant_id from public.tenant_users where user_id = $1 and tenant_id = $2",
                        "list", FourTrips.LIST,
                        "get", FourTrips.GET,
                        "post", FourTrips.POST,
                        "patch", FourTrips.PATCH)));
        return Served.start(name, stand, folder, environment, List.of("node", "server.js"));
    }

    /** What the profile of the local run gives its JVM. */
    private static List<String> localOptions() throws IOException {
        var pom = Files.readString(Path.of("pom.xml"));
        var profile = pom.substring(pom.indexOf("<id>local</id>"));
        return Pattern.compile("<argument>(-XX:[^<]+)</argument>")
                .matcher(profile.substring(0, profile.indexOf("</profile>")))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private boolean install() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        for (var file : List.of("package.json", "server.js")) {
            try (var source = Objects.requireNonNull(Peers.class.getResourceAsStream(file))) {
                Files.write(folder.resolve(file), source.readAllBytes());
            }
        }
        try {
            var npm = new ProcessBuilder(
                            "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("npm.log").toFile())
                    .start();
            if (npm.waitFor() == 0) {
                return true;
            }
            report.note("No peers were measured: npm cannot install them, see " + folder.resolve("npm.log"));
        } catch (IOException absent) {
            report.note("No peers were measured: there is no Node.js here.");
        }
        return false;
    }
}
