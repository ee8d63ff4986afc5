package history.migration;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of an action: goes through its steps, waits for locks, and goes on where it was when the server went away. */
record Run(Migration.Target target, Session session, Lease lease, TimeLeft timeLeft, Journal journal) {
    private static final int MOST_LOSSES = 10;

    /** Until the last step, or one that stops it. What is done stays done. */
    void all(List<Step> steps) {
        for (var step : steps) {
            if (!ended(step) || journal.isBlocked()) {
                return;
            }
        }
    }

    private boolean ended(Step step) {
        var started = System.nanoTime();
        try {
            var detail = survivingLosses(step);
            if (detail != null) {
                journal.result(step.name(), StepResult.State.DONE, started, detail);
            }
            return true;
        } catch (Stop e) {
            journal.result(step.name(), e.state(), started, String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            ProgressBar.log(String.valueOf(e.getMessage()));
            journal.result(step.name(), StepResult.State.FAILED, started, Failure.sentence(e));
        }
        return false;
    }

    /** Null where the step is not for this phase. */
    private @Nullable String survivingLosses(Step step) throws SQLException, Stop {
        for (var losses = 1; ; losses++) {
            try {
                return inItsPhase(step);
            } catch (SQLException e) {
                if (!Retry.isAway(e) || losses == MOST_LOSSES) {
                    throw e;
                }
                ProgressBar.log("The connection is lost (%s); trying again.".formatted(Failure.sentence(e)));
                session.reopen(timeLeft);
                lease.retake();
            }
        }
    }

    private @Nullable String inItsPhase(Step step) throws SQLException, Stop {
        if (!step.phases().contains(phase(session))) {
            return null;
        }
        lease.note();
        if (step.manner() != Step.Manner.WHILE_THERE_IS_MORE) {
            return step.manner() == Step.Manner.ONCE ? step.work().run(this) : patiently(step.work());
        }
        var done = new ArrayList<String>();
        for (var next = patiently(step.work()); !next.isEmpty(); next = patiently(step.work())) {
            done.add(next);
        }
        return done.isEmpty() ? "nothing to do" : String.join("; ", done);
    }

    /** Asks for a lock briefly and often, so that nobody queues behind the question for long. */
    String patiently(Step.Work work) throws SQLException, Stop {
        for (var attempt = 1; ; attempt++) {
            try {
                return work.run(this);
            } catch (SQLException e) {
                if (!Retry.isLocked(e) || attempt == Retry.ATTEMPTS) {
                    throw e;
                }
            }
            if (timeLeft.isShort()) {
                throw Stop.outOfTime("waited for a lock");
            }
            Retry.pauseAfter(attempt);
        }
    }

    /** Whether the schema is as an earlier version left it. */
    static boolean isEarlier(Session session) throws SQLException {
        return session.isTrue("""
                select to_regclass('history.state') is not null and to_regprocedure('history.differences(text)') is null""");
    }

    static Phase phase(Session session) throws SQLException {
        if (session.isTrue("select to_regclass('history.state') is not null")) {
            return Phase.named(session.text("select coalesce((select phase from history.state), 'none')"));
        }
        return Phase.NONE;
    }
}
