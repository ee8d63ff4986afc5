package history.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** What becomes the report of a run: its steps and findings in the order in which they come up, and the counts. */
final class Journal {
    private final Action action;
    private final Consumer<StepResult> observer;
    private final List<StepResult> steps = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private boolean callAgain;
    private Report report;

    Journal(Action action, Consumer<StepResult> observer) {
        this.action = action;
        this.observer = observer;
        report = Report.uncounted(action, "unknown");
    }

    void result(String name, StepResult.State state, long started, String detail) {
        var seconds = Math.round((System.nanoTime() - started) / 1e6) / 1e3;
        var result = new StepResult(name, state, seconds, detail);
        steps.add(result);
        callAgain |= state == StepResult.State.STOPPED;
        ProgressBar.log(String.format(Locale.ROOT, "%-12s %-7s %8.3f s  %s", name, state, seconds, detail));
        observer.accept(result);
    }

    void findings(List<Finding> more) {
        more.forEach(this::finding);
    }

    void finding(Finding finding) {
        findings.add(finding);
        ProgressBar.log((finding.blocks() ? "BLOCKED: " : "note: ") + finding.finding() + " " + finding.remedy());
    }

    /** Another run is at work. */
    void waitForAnother() {
        callAgain = true;
    }

    boolean isBlocked() {
        return findings.stream().anyMatch(Finding::blocks);
    }

    void phase(Phase phase) {
        report = Report.uncounted(action, phase.word());
    }

    /** Takes over a row of counts. */
    void counts(ResultSet row) throws SQLException {
        report = new Report(
                action.word(),
                report.phase(),
                row.getLong("conversations"),
                row.getLong("elements"),
                row.getLong("messages"),
                row.getLong("quarantined"),
                row.getLong("pending"),
                numbers(row.getString("quarantined_by_reason")),
                List.of(),
                List.of(),
                false);
    }

    long elements() {
        return report.elements();
    }

    private static Map<String, Long> numbers(String json) {
        try {
            return new ObjectMapper().readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    Report report() {
        return report.with(steps, findings, callAgain);
    }
}
