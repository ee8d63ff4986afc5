package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is woken by what in {@code template.yaml}, and what stops a flood before it wakes anybody. */
final class AlarmsTest {
    private static final Path RUNBOOK = Path.of("../docs/runbook.md");

    /** What is written to the log for metrics, and where. */
    private static final String METRICS = "src/main/java/history/log/RequestLog.java";

    private static final String MIGRATION_METRICS =
            "../migration-function/src/main/java/history/migration/MigrationHandler.java";

    private Template template;
    private JsonNode resources;
    private final TreeMap<String, JsonNode> alarms = new TreeMap<>();

    @BeforeEach
    void read() throws IOException {
        template = Template.read(Path.of("../template.yaml"));
        resources = template.root().path("Resources");
        resources.properties().forEach(resource -> {
            if (resource.getValue().path("Type").asText().equals("AWS::CloudWatch::Alarm")) {
                alarms.put(resource.getKey(), resource.getValue().path("Properties"));
            }
        });
    }

    @Test
    void thereAreAtMostEightAndEachTellsTheTopic() {
        assertTrue(!alarms.isEmpty() && alarms.size() <= 8, alarms::toString);
        alarms.forEach((name, alarm) -> {
            for (var when : List.of("AlarmActions", "OKActions")) {
                assertEquals("AlarmTopic", alarm.path(when).path(0).path("Ref").asText(), name);
            }
            assertTrue(alarm.hasNonNull("AlarmDescription"), name);
            var isOfTheMigration = alarm.toString().contains("-migration");
            assertEquals(
                    isOfTheMigration ? "ignore" : "notBreaching",
                    alarm.path("TreatMissingData").asText(),
                    name);
        });
        var topics = resources
                .valueStream()
                .filter(resource -> resource.path("Type").asText().equals("AWS::SNS::Topic"));
        assertEquals(1, topics.count());
    }

    @Test
    void eachHasAWidgetOfTheDashboard() throws Exception {
        var body = resources.at("/Dashboard/Properties/DashboardBody/Fn::Sub").asText();
        var shown = new ArrayList<String>();
        for (var widget : new ObjectMapper().readTree(body).path("widgets")) {
            var title = widget.at("/properties/title").asText();
            assertEquals(
                    "${" + title + ".Arn}",
                    widget.at("/properties/annotations/alarms/0").asText());
            shown.add(title);
        }
        assertEquals(List.copyOf(alarms.keySet()), shown.stream().sorted().toList());
    }

    /** And each section of the runbook that is about an alarm has one. */
    @Test
    void eachHasItsFirstThreeMovesInTheRunbook() throws Exception {
        var chapter = Files.readString(RUNBOOK).split("\n## Alarms\n", 2)[1].split("\n## ", 2)[0];
        var sections =
                Pattern.compile("(?m)^### (\\w+)$").matcher(chapter).results().toList();
        assertEquals(
                alarms.keySet(),
                sections.stream().map(section -> section.group(1)).collect(Collectors.toCollection(TreeSet::new)));
        for (var i = 0; i < sections.size(); i++) {
            var end = i + 1 < sections.size() ? sections.get(i + 1).start() : chapter.length();
            var section = chapter.substring(sections.get(i).end(), end);
            var moves =
                    Pattern.compile("(?m)^(\\d)\\. ").matcher(section).results().map(move -> move.group(1));
            assertEquals(List.of("1", "2", "3"), moves.toList(), section);
            assertTrue(section.contains("\n   ```"), section);
        }
        var written = Files.readString(Path.of(METRICS));
        for (var query : Pattern.compile("(?m)^ {3}```\n((?: {3}(?!```).*\n)+)")
                .matcher(chapter)
                .results()
                .toList()) {
            Pattern.compile("\\b[a-z]+(_[a-z]+)+\\b")
                    .matcher(query.group(1))
                    .results()
                    .forEach(field -> assertTrue(written.contains('"' + field.group() + '"'), field.group()));
        }
    }

    @Test
    void eachWatchesWhatIsWritten() throws Exception {
        var ours = Files.readString(Path.of(METRICS));
        var ofMigration = Files.readString(Path.of(MIGRATION_METRICS));
        var seen = new TreeSet<String>();
        for (var metric : metrics()) {
            if (metric.path("Namespace").asText().equals("ConversationHistory")) {
                var name = metric.path("MetricName").asText();
                var service = metric.at("/Dimensions/0");
                var isOfTheMigration = service.toString().contains("-migration");
                assertEquals("service", service.path("Name").asText());
                assertTrue((isOfTheMigration ? ofMigration : ours).contains('"' + name + '"'), name);
                var route = metric.at("/Dimensions/1/Value").asText("");
                assertTrue(
                        route.isEmpty()
                                || template.routes().stream()
                                        .anyMatch(at -> at.key().equals(route)),
                        route);
                seen.add(name);
            }
        }
        assertEquals(
                new TreeSet<>(List.of(
                        "answers_not_stored",
                        "database_unavailable",
                        "duration_ms",
                        "errors",
                        "model_failures",
                        "quarantined",
                        "requests",
                        "unfinished")),
                seen);
    }

    /** The dimension {@code service} is what follows the last slash of a log group. */
    @Test
    void theLogsAreNamedAsTheAlarmsExpect() {
        assertEquals(
                "/aws/lambda/${AWS::StackName}",
                resources.at("/FunctionsLog/Properties/LogGroupName/Fn::Sub").asText());
        assertEquals(
                "/aws/lambda/${AWS::StackName}-migration",
                resources.at("/MigrationLog/Properties/LogGroupName/Fn::Sub").asText());
        var filter = resources.at("/FunctionErrors/Properties");
        assertEquals("FunctionsLog", filter.at("/LogGroupName/Ref").asText());
        var made = filter.at("/MetricTransformations/0");
        assertTrue(metrics().stream()
                .anyMatch(metric -> metric.path("MetricName").equals(made.path("MetricName"))
                        && metric.path("Namespace").equals(made.path("MetricNamespace"))));
        assertEquals(
                "JSON",
                template.functions()
                        .getFirst()
                        .properties()
                        .at("/LoggingConfig/LogFormat")
                        .asText());
    }

    @Test
    void everyFunctionThatIsRefusedCounts() {
        var refused = new TreeSet<String>();
        resources.at("/Throttles/Properties/Metrics").forEach(metric -> {
            var function =
                    metric.at("/MetricStat/Metric/Dimensions/0/Value/Ref").asText();
            if (!function.isEmpty()) {
                refused.add(function);
                var expression = resources
                        .at("/Throttles/Properties/Metrics/0/Expression")
                        .asText();
                assertTrue(expression.matches(".*\\b" + metric.path("Id").asText() + "\\b.*"), expression);
            }
        });
        var routed = template.functions().stream()
                .filter(function ->
                        function.properties().at("/Events/Route/Type").asText().equals("HttpApi"))
                .map(Template.Function::name)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(routed, refused);
        assertTrue(refused.size() <= 10, "more than an alarm can add up");
    }

    @Test
    void nothingOfTheMigrationIsTriedAgainUnseen() {
        var calls = resources.at("/MigrationCalls/Properties");
        assertEquals("Migration", calls.at("/FunctionName/Ref").asText());
        assertEquals("$LATEST", calls.path("Qualifier").asText());
        assertEquals(0, calls.path("MaximumRetryAttempts").asInt(-1));
        assertEquals(
                "AlarmTopic",
                calls.at("/DestinationConfig/OnFailure/Destination/Ref").asText());
    }

    @Test
    void chatIsThrottledBeforeTheRest() {
        var api = resources.at("/Api/Properties");
        var all = api.path("DefaultRouteSettings");
        var chat = api.path("RouteSettings").path("POST /api/chat");
        for (var limit : List.of("ThrottlingRateLimit", "ThrottlingBurstLimit")) {
            assertTrue(
                    chat.path(limit).asInt() > 0
                            && chat.path(limit).asInt() < all.path(limit).asInt(),
                    limit);
            assertEquals(
                    chat.path(limit),
                    resources.at("/StreamingApi/Properties/MethodSettings/0").path(limit));
        }
        var routes = template.routes().stream().map(Route::key).toList();
        api.path("RouteSettings").fieldNames().forEachRemaining(route -> assertTrue(routes.contains(route), route));
    }

    @Test
    void readsWritesAndChatHaveTheirOwnConcurrency() {
        for (var function : template.functions()) {
            if (function.type().equals("AWS::Serverless::Function")) {
                var reserved = function.properties()
                        .path("ReservedConcurrentExecutions")
                        .path("Fn::If");
                var group = function.handler().endsWith(".ChatHandler")
                        ? 2
                        : function.handler().matches(".*\\.(List|Get|Resume)\\w+") ? 0 : 1;
                assertEquals("Reserves", reserved.path(0).asText(), function.name());
                assertEquals(group, reserved.at("/1/Fn::Select/0").asInt(-1), function.name());
                assertEquals("AWS::NoValue", reserved.at("/2/Ref").asText());
            }
        }
    }

    @Test
    void theArithmeticOfTheRunbookIsThatOfTheTemplate() throws Exception {
        var of = new TreeMap<String, int[]>();
        for (var function : template.functions()) {
            var group = function.properties().at("/ReservedConcurrentExecutions/Fn::If/1/Fn::Select/0");
            if (group.isInt()) {
                of.computeIfAbsent(
                                function.properties().at("/Events/Route/Type").asText(), _ -> new int[3])[
                        group.asInt()]++;
            }
        }
        var chapter =
                Files.readString(RUNBOOK).split("\n## Connections\n", 2)[1].split("\n## ", 2)[0];
        var always = Objects.requireNonNull(of.get("HttpApi"));
        var streaming = Objects.requireNonNull(of.get("Api"));
        assertEquals(1, always[2]);
        assertTrue(chapter.contains("connections = %d R + %d W + C ".formatted(always[0], always[1])), chapter);
        assertTrue(
                chapter.contains("%d R + %d W + %d C"
                        .formatted(always[0] + streaming[0], always[1] + streaming[1], always[2] + streaming[2])),
                chapter);
        var rows = Pattern.compile("`\"(\\d+),(\\d+),(\\d+)\"` \\| (\\d+)")
                .matcher(chapter)
                .results()
                .toList();
        assertEquals(3, rows.size());
        for (var row : rows) {
            var sum = 0;
            for (var group = 0; group < 3; group++) {
                sum += always[group] * Integer.parseInt(row.group(group + 1));
            }
            assertEquals(Integer.parseInt(row.group(4)), sum, row.group());
        }
    }

    private List<JsonNode> metrics() {
        var metrics = new ArrayList<JsonNode>();
        for (var alarm : alarms.values()) {
            if (alarm.has("MetricName")) {
                metrics.add(alarm);
            }
            for (var metric : alarm.path("Metrics")) {
                metric.findValues("Metric").forEach(metrics::add);
            }
        }
        return metrics;
    }
}
