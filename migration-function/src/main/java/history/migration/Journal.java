package history.migration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Collects the report of a run: its steps and findings in their order, and the counts. */
final class Journal {
    /** A part of the report. */
    @FunctionalInterface
    interface Part {
        void write() throws SQLException;
    }

    private final Consumer<StepResult> observer;
    private final ObjectNode facts = Report.JSON.createObjectNode();
    private final List<StepResult> steps = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private boolean callAgain;

    Journal(Action action, Consumer<StepResult> observer) {
        this.observer = observer;
        fact("action", action.word());
        fact("phase", "unknown");
        facts.putObject("quarantined_by_reason");
        fact("version", SqlFile.text("version.txt"));
    }

    /** Sets a field of the report; an empty value is ignored. */
    void fact(String name, String value) {
        facts.put(name, value.isEmpty() ? null : value);
    }

    /** Sets fields of the report from a JSON object. */
    void facts(String json) {
        facts.setAll(Report.parse(json));
    }

    long elements() {
        return facts.path("elements").asLong();
    }

    void done(String name, String detail) {
        result(name, StepResult.State.DONE, System.nanoTime(), detail);
    }

    void result(String name, StepResult.State state, long started, String detail) {
        var seconds = Math.round((System.nanoTime() - started) / 1e6) / 1e3;
        var result = new StepResult(name, state, seconds, detail);
        steps.add(result);
        callAgain |= state == StepResult.State.STOPPED;
        Log.line(String.format(Locale.ROOT, "%-12s %-7s %8.3f s  %s", name, state, seconds, detail));
        observer.accept(result);
    }

    void findings(List<Finding> more) {
        more.forEach(this::finding);
    }

    void note(String finding, String remedy) {
        finding(new Finding(false, finding, remedy));
    }

    void block(String finding, String remedy) {
        finding(new Finding(true, finding, remedy));
    }

    void finding(Finding finding) {
        findings.add(finding);
        if (!Log.TERMINAL) {
            Log.line((finding.blocks() ? "BLOCKED: " : "note: ") + finding.finding() + " " + finding.remedy());
        }
    }

    /** Reports a failure as a note, so that the other parts are not lost. */
    void attempt(String otherwise, Part part) throws SQLException {
        try {
            part.write();
        } catch (SQLException e) {
            if (Retry.isAway(e)) {
                throw e;
            }
            if (!Failure.isOfAnotherShape(e)) {
                note(otherwise + ": " + Failure.sentence(e) + ".", "See the other findings.");
            }
        }
    }

    boolean isBlocked() {
        return findings.stream().anyMatch(Finding::blocks);
    }

    /** Another run holds the lease: call again. */
    void waitForAnother() {
        callAgain = true;
    }

    Report report() {
        facts.put("call_again", callAgain).putPOJO("steps", steps).putPOJO("findings", findings);
        return Report.JSON.convertValue(facts, Report.class);
    }
}
