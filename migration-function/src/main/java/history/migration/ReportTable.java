package history.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The report as a table for a person at a terminal, who has seen the steps already. */
record ReportTable(Report report) {
    private static final Set<String> ELSEWHERE = Set.of("steps", "findings", "call_again", "quarantined_by_reason");

    @Override
    public String toString() {
        var lines = new ArrayList<String>();
        Report.parse(report.json()).properties().forEach(field -> {
            if (!ELSEWHERE.contains(field.getKey())) {
                var value = field.getValue();
                line(
                        lines,
                        field.getKey().replace('_', ' '),
                        value.isNumber() ? number(value.asLong()) : value.asText());
            }
        });
        report.quarantinedByReason().forEach((reason, count) -> line(lines, "  " + reason, number(count)));
        for (var finding : report.findings()) {
            lines.add("");
            line(lines, finding.blocks() ? "BLOCKED" : "note", finding.finding());
            line(lines, "", finding.remedy());
        }
        return String.join("\n", lines);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static void line(List<String> lines, String name, String value) {
        lines.add("%-20s %s".formatted(name, value).stripTrailing());
    }
}
