package history.migration;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One thing that an action does. It looks first whether it is done already, so it may be run again at any time: after a lost
 * connection, and a little later each time while somebody has locked what it needs.
 *
 * @param phases in which of them it runs
 */
record Step(String name, Set<Phase> phases, Work work) {
    /** What it does; the answer is the detail of the report. */
    @FunctionalInterface
    interface Work {
        String run(Run run) throws SQLException, Stop;
    }

    /** What there is for a person to know. */
    @FunctionalInterface
    interface Question {
        List<Finding> ask(Session session) throws SQLException;
    }

    /** A statement, whose answer is the detail. */
    static Step sql(String name, Set<Phase> phases, String statement) {
        return new Step(name, phases, run -> run.session().text(statement));
    }

    /** A statement that does a little at a time, and answers nothing when nothing is left. */
    static Step repeated(String name, Set<Phase> phases, String statement) {
        Work part = run -> run.session().text(statement);
        return new Step(name, phases, run -> {
            var done = new ArrayList<String>();
            for (var next = run.patiently(part); !next.isEmpty(); next = run.patiently(part)) {
                done.add(next);
            }
            return done.isEmpty() ? "nothing to do" : String.join("; ", done);
        });
    }

    /** @param none what to say when nothing is found */
    static Step findings(String name, Set<Phase> phases, Question question, String none) {
        return new Step(name, phases, run -> {
            var findings = question.ask(run.session());
            run.journal().findings(findings);
            return findings.isEmpty() ? none : "see findings";
        });
    }

    /** The way an action ends in phases that it is not for. */
    static Step refusal(Set<Phase> phases, String finding, String remedy) {
        return new Step("refuse", phases, run -> {
            run.journal().block(finding, remedy);
            throw Stop.failed(finding);
        });
    }
}
