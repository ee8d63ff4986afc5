package history.migration;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of an action: goes through its steps, waits for locks, and continues after a lost connection. */
record Run(Order order, Migration.Target target, Session session, Lease lease, TimeLeft timeLeft, Journal journal) {
    private static final int MOST_LOSSES = 10;

    /** Runs until the last step, or one that stops it. Earlier steps stay done. */
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
            Log.detail(String.valueOf(e.getMessage()));
            journal.result(step.name(), StepResult.State.FAILED, started, Failure.sentence(e));
        }
        return false;
    }

    /** The step's detail; null if the step is not for this phase. */
    private @Nullable String survivingLosses(Step step) throws SQLException, Stop {
        for (var losses = 1; ; losses++) {
            try {
                if (!step.phases().contains(session.phase())) {
                    return null;
                }
                Log.bar(step.name() + " …");
                lease.beat();
                return patiently(step.work());
            } catch (SQLException e) {
                if (!Retry.isAway(e) || losses == MOST_LOSSES) {
                    throw e;
                }
                Log.line("The connection is lost (%s); trying again.".formatted(Failure.sentence(e)));
                session.reopen(timeLeft);
                lease.retake();
            }
        }
    }

    /** Waits for a lock briefly but repeatedly, so that nobody queues behind it for long. */
    String patiently(Step.Work work) throws SQLException, Stop {
        var told = "";
        for (var attempt = 1; ; attempt++) {
            try {
                return work.run(this);
            } catch (SQLException e) {
                if (!Retry.isLocked(e)) {
                    throw e;
                }
                Log.detail(String.valueOf(e.getMessage()));
            }
            var holders = holders(false);
            if (!holders.equals(told)) {
                Log.line(
                        "waits for a lock, held by: " + (holders.isEmpty() ? "somebody who is gone already" : holders));
                told = holders;
            }
            if (attempt == Retry.ATTEMPTS) {
                throw Stop.failed("somebody has locked what it needs: " + holders);
            }
            if (timeLeft.isShort()) {
                throw Stop.outOfTime("waited for a lock, held by: " + holders);
            }
            Retry.pauseAfter(attempt);
        }
    }

    /** For a statement that waits for all open transactions, but blocks nobody while it waits. */
    void withoutHurry(String statement) throws SQLException {
        var holders = holders(true);
        if (!holders.isEmpty()) {
            Log.line("waits for open transactions to end: " + holders);
        }
        session.execute("set lock_timeout = 0");
        try {
            session.execute(statement);
        } finally {
            session.execute("set lock_timeout = '500ms'");
        }
    }

    /** Who has locked the tables; or everybody whose transaction is open. */
    String holders(boolean everybody) throws SQLException {
        return String.join("; ", session.list(SqlFile.text("check/holders.sql"), row -> row.getString(1), everybody));
    }
}
