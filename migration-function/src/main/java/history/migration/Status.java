package history.migration;

import java.sql.SQLException;

/** The action {@code status}: looks at everything and changes nothing. */
record Status(Session session, Journal journal) {
    static final Finding EARLIER =
            new Finding(true, "An earlier version made the schema.", "Run migrate: it brings the schema up to date.");

    /** The speed of a small server, all steps included. */
    private static final long ELEMENTS_PER_SECOND = 30_000;

    /** The time limit of a function, minus its reserve. */
    private static final long SECONDS_PER_CALL = 870;

    void ask() throws SQLException {
        var phase = new Inventory(session, journal).take();
        var preflight = new Preflight(session);
        journal.findings(Phase.BEFORE_EXPAND.contains(phase) ? preflight.findings(false) : preflight.afterwards());
        journal.findings(session.findings(SqlFile.text("check/minor_release.sql")));
        if (phase.compareTo(Phase.EXPANDED) <= 0) {
            estimate();
            journal.attempt(
                    "What would go to quarantine cannot be told",
                    () -> journal.findings(new Forecast(session, phase).findings()));
        } else {
            journal.attempt("Large messages cannot be counted", () -> journal.findings(Quarantine.large(session)));
        }
        if (session.isOfEarlierVersion()) {
            journal.finding(EARLIER);
        } else if (phase != Phase.NONE) {
            journal.findings(Guard.gate(session));
            journal.attempt(
                    "The tenants' limits cannot be read",
                    () -> journal.findings(session.findings(SqlFile.text("check/settings.sql"))));
            if (Phase.WITH_ARRAYS.contains(phase)) {
                journal.done("old-name", session.text("select history.old_name()"));
            }
        }
    }

    private void estimate() {
        var seconds = journal.elements() / ELEMENTS_PER_SECOND + 10;
        var calls = 1 + seconds / SECONDS_PER_CALL;
        journal.note(
                "migrate will take about %d s.".formatted(seconds),
                calls == 1
                        ? ""
                        : "The function needs about %d calls: invoke it again while call_again is true."
                                .formatted(calls));
    }
}
