package history.migration;

import java.sql.SQLException;
import java.util.Set;

/**
 * One thing that an action does. It looks first whether it is done already, so it may be run again at any time.
 *
 * @param phases in which of them it runs
 */
record Step(String name, Set<Phase> phases, Manner manner, Work work) {
    /** How it is run. */
    enum Manner {
        /** It waits for nobody, or has its own way of waiting. */
        ONCE,
        /** Again and again, a little later each time, while somebody has locked what it needs. */
        PATIENTLY,
        /** Patiently, and again as long as it says that it has done something. */
        WHILE_THERE_IS_MORE
    }

    /** What it does; the answer is the detail of the report. */
    @FunctionalInterface
    interface Work {
        String run(Run run) throws SQLException, Stop;
    }

    /** Statements, each a transaction of its own; the last one's answer is the detail. */
    static Step sql(String name, Set<Phase> phases, String... statements) {
        return new Step(name, phases, Manner.PATIENTLY, run -> {
            var detail = "";
            for (var statement : statements) {
                detail = run.session().text(statement);
            }
            return detail;
        });
    }

    /** A statement that does a little at a time, and answers nothing when nothing is left. */
    static Step repeated(String name, Set<Phase> phases, String statement) {
        return new Step(
                name, phases, Manner.WHILE_THERE_IS_MORE, run -> run.session().text(statement));
    }

    /** The way an action ends in phases that it is not for. */
    static Step refusal(Set<Phase> phases, String finding, String remedy) {
        return new Step("refuse", phases, Manner.ONCE, run -> {
            run.journal().block(finding, remedy);
            throw Stop.failed(finding);
        });
    }
}
