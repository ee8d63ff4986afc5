package history.migration;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One step of an action. It first checks whether it is done already, so it can be repeated at any time: after a lost
 * connection, or while somebody has locked what it needs.
 *
 * @param phases the phases in which it runs
 */
record Step(String name, Set<Phase> phases, Work work) {
    /** The work; the result is the detail in the report. */
    @FunctionalInterface
    interface Work {
        String run(Run run) throws SQLException, Stop;
    }

    /** Findings for a person. */
    @FunctionalInterface
    interface Question {
        List<Finding> ask(Session session) throws SQLException;
    }

    /** A statement whose result is the detail. */
    static Step sql(String name, Set<Phase> phases, String statement) {
        return new Step(name, phases, run -> run.session().text(statement));
    }

    /** A statement that is repeated, a little at a time, until it returns null. */
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

    /** Ends an action in phases that it is not for. */
    static Step refusal(Set<Phase> phases, String finding, String remedy) {
        return new Step("refuse", phases, run -> {
            run.journal().block(finding, remedy);
            throw Stop.failed(finding);
        });
    }
}
