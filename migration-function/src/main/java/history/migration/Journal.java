package history.migration;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.flywaydb.core.api.FlywayException;

/** The steps and findings of one run, in the order in which they come up. */
final class Journal {
    private final List<Step> steps = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Consumer<Step> observer;
    private boolean callAgain;

    Journal(Consumer<Step> observer) {
        this.observer = observer;
    }

    /** What a step does; its answer is the detail of the report. */
    @FunctionalInterface
    interface Work {
        String run() throws SQLException, OutOfTime;
    }

    /** The deadline is near: the rest is for the next call. */
    static final class OutOfTime extends Exception {
        OutOfTime(String detail) {
            super(detail);
        }
    }

    /** A step failed, and nothing may follow it. */
    static final class Stopped extends Exception {
        Stopped() {
            super("stopped");
        }
    }

    void step(String name, Work work) throws Stopped {
        var started = System.nanoTime();
        try {
            add(name, Step.State.DONE, started, work.run());
        } catch (OutOfTime e) {
            callAgain = true;
            add(name, Step.State.STOPPED, started, e.getMessage() + "; call again");
            throw new Stopped();
        } catch (SQLException | FlywayException e) {
            add(name, Step.State.FAILED, started, String.valueOf(e.getMessage()));
            throw new Stopped();
        }
    }

    private void add(String name, Step.State state, long started, @org.jspecify.annotations.Nullable String detail) {
        var seconds = Math.round((System.nanoTime() - started) / 1e6) / 1e3;
        var step = new Step(name, state, seconds, detail == null ? "" : detail);
        steps.add(step);
        Progress.log(String.format(Locale.ROOT, "%-12s %-7s %8.3f s  %s", name, state, seconds, detail));
        observer.accept(step);
    }

    void findings(List<Finding> more) {
        more.forEach(this::finding);
    }

    void finding(Finding finding) {
        findings.add(finding);
        Progress.log((finding.blocks() ? "BLOCKED: " : "note: ") + finding.finding() + " " + finding.remedy());
    }

    void callAgain() {
        callAgain = true;
    }

    boolean isBlocked() {
        return findings.stream().anyMatch(Finding::blocks);
    }

    Report report(Action action, String phase, Counts counts) {
        return new Report(
                action.word(),
                phase,
                counts.conversations(),
                counts.elements(),
                counts.messages(),
                counts.quarantined(),
                counts.pending(),
                counts.quarantinedByReason(),
                steps,
                findings,
                callAgain);
    }
}
