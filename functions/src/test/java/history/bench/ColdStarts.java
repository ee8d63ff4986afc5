package history.bench;

import history.packaging.DeployedZip;
import history.packaging.Events;
import history.packaging.RuntimeApi;
import history.releases.EarlierFunctions;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The deployed zip under Amazon's own runtime client: from the start of the process, or from its restoration, to the first answer. */
final class ColdStarts {
    static final String RELEASE = "245c4fe";

    private static final int TIMES = Integer.getInteger("bench.starts", 5);
    private static final double CPUS = 0.58; // what Lambda gives 1,024 MB

    private final Stand stand;
    private final Report report;
    private final Path folder = Files.createTempDirectory("cold-starts");
    private final DeployedZip zip;
    private final DeployedZip earlier;

    ColdStarts(Stand stand, Report report) throws IOException {
        this.stand = stand;
        this.report = report;
        this.zip = unpacked("now");
        this.earlier = unpacked(RELEASE);
        putClassesOf(RELEASE, folder.resolve(RELEASE));
    }

    private DeployedZip unpacked(String name) throws IOException {
        var task = Files.createDirectory(folder.resolve(name));
        return Files.exists(Path.of("target/functions.zip")) ? DeployedZip.in(task) : DeployedZip.notYetPacked(task);
    }

    private static void putClassesOf(String release, Path task) throws IOException {
        delete(task.resolve("history"));
        var jar = Path.of("target/test-classes/history/releases", release, "classes.jar");
        try (var zip = FileSystems.newFileSystem(jar);
                var files = Files.walk(zip.getPath("/history"))) {
            for (var from : files.toList()) {
                Files.copy(from, task.resolve(from.toString().substring(1)));
            }
        }
    }

    /** A link to a folder is only a link. */
    private static void delete(Path folder) throws IOException {
        if (Files.isSymbolicLink(folder)) {
            Files.delete(folder);
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    void run() throws Exception {
        try {
            measure();
        } finally {
            delete(folder);
        }
    }

    private void measure() throws Exception {
        var free = measure("free", List.of());
        report.target(
                "plain cold, C1: milliseconds beside " + RELEASE, "<= 0.7", ratio(free, "plain", "at " + RELEASE, 0));
        report.target("plain cold, C1: CPU beside " + RELEASE, "<= 0.7", ratio(free, "plain", "at " + RELEASE, 1));
        report.target("first answer: restored / plain, free", "<= 0.1", ratio(free, "restored", "plain", 0));
        report.target("first answer: CPU, restored / plain", "<= 0.1", ratio(free, "restored", "plain", 1));
        var limit = CpuLimit.of(CPUS);
        if (limit.isEmpty()) {
            report.note("Cold at " + CPUS + " CPU was not measured: no control group for CPU can be made here.");
            return;
        }
        try (var group = limit.get()) {
            var limited = measure("at " + CPUS + " CPU", group.prefix());
            report.target(
                    "first answer: restored / plain, at " + CPUS + " CPU",
                    "<= 0.1",
                    ratio(limited, "restored", "plain", 0));
        }
    }

    private static double ratio(Map<String, List<double[]>> all, String one, String other, int figure) {
        return median(all, one, figure) / median(all, other, figure);
    }

    private static double median(Map<String, List<double[]>> all, String side, int figure) {
        return Series.median(Objects.requireNonNull(all.get(side)).stream()
                .mapToDouble(each -> each[figure])
                .toArray());
    }

    /** By side, milliseconds and milliseconds of CPU of each start of the list. */
    private Map<String, List<double[]>> measure(String how, List<String> prefix) throws Exception {
        var list = new HashMap<String, List<double[]>>();
        for (var action : List.of(Action.LIST, Action.CHAT)) {
            var all = new HashMap<String, List<double[]>>();
            for (var i = 0; i < (action == Action.LIST ? TIMES : (TIMES + 1) / 2); i++) {
                add(all, "plain", start(zip, prefix, action, false));
                add(all, "restored", start(zip, prefix, action, true));
                add(all, "at " + RELEASE, start(earlier, prefix, action, false));
            }
            for (var side : List.of("plain", "restored", "at " + RELEASE)) {
                var figures = new HashMap<>(Map.of("ms", median(all, side, 0), "CPU ms", median(all, side, 1)));
                if (prefix.isEmpty() && side.equals("plain")) {
                    figures.put("classes", classes(action));
                }
                report.add("Cold, " + how, action.text(), side, figures);
            }
            if (action == Action.LIST) {
                list.putAll(all);
            }
        }
        return list;
    }

    private static void add(Map<String, List<double[]>> all, String side, double[] figures) {
        all.computeIfAbsent(side, name -> new ArrayList<>()).add(figures);
    }

    private double[] start(DeployedZip what, List<String> prefix, Action action, boolean snapshot) throws Exception {
        var environment = stand.environment(stand.port());
        if (snapshot) {
            environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        }
        try (var api = new RuntimeApi()) {
            var began = System.nanoTime();
            var function = what.start(prefix, action.handler, api, environment);
            try {
                var cpu = 0.0;
                if (snapshot) {
                    api.snapshot();
                    cpu = Meter.of(function.toHandle());
                    began = System.nanoTime();
                    api.restore();
                }
                ask(api, action);
                return new double[] {(System.nanoTime() - began) / 1e6, (Meter.of(function.toHandle()) - cpu) * 1000};
            } finally {
                function.destroyForcibly().waitFor();
            }
        }
    }

    private void ask(RuntimeApi api, Action action) throws InterruptedException {
        var event = Events.of(action.method, action.path, stand.person(action, 0), action.body(1, ""));
        var answer = api.invoke(event);
        for (var i = 0; i < Functions.AGAIN && answer.startsWith("{\"statusCode\":503"); i++) {
            answer = api.invoke(event);
        }
        if (!answer.startsWith("{\"statusCode\":200")) {
            throw new IllegalStateException(answer);
        }
    }

    private double classes(Action action) throws Exception {
        var log = folder.resolve("classes.log");
        var environment = new HashMap<>(stand.environment(stand.port()));
        environment.put("JDK_JAVA_OPTIONS", "-Xlog:class+load=info:file=" + log);
        try (var api = new RuntimeApi()) {
            var function = zip.start(List.of(), action.handler, api, environment);
            try {
                ask(api, action);
            } finally {
                function.destroyForcibly().waitFor();
            }
        }
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(" source: ")).count();
        }
    }

    /** The functions of that release, on a database as that release left it. */
    static Functions functionsOf(String release, Stand stand) throws ReflectiveOperationException {
        return new Functions(
                "at " + release,
                stand,
                stand.port(),
                new EarlierFunctions(release),
                (action, caller) -> String.valueOf(stand.person(action, caller).bearer()));
    }
}
