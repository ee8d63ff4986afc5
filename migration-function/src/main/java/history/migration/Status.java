package history.migration;

import java.sql.SQLException;

/** Looks, and changes nothing. */
record Status(Session session, Journal journal) {
    private static final int ELEMENTS_PER_SECOND = 30_000;

    static final Finding EARLIER =
            new Finding(true, "An earlier version made the schema.", "Run migrate: it brings the schema up to date.");

    void ask() throws SQLException {
        var phase = new Inventory(session, journal).take();
        if (phase.compareTo(Phase.EXPANDED) < 0) {
            journal.findings(new Preflight(session).findings());
        }
        if (phase.compareTo(Phase.EXPANDED) <= 0) {
            var seconds = journal.elements() / ELEMENTS_PER_SECOND + 10;
            journal.finding(new Finding(false, "migrate will take about %d s.".formatted(seconds), ""));
        }
        if (Run.isEarlier(session)) {
            journal.finding(EARLIER);
        } else if (phase != Phase.NONE) {
            journal.findings(session.list(
                    SqlFile.CATALOGUE.sql(),
                    row -> new Finding(
                            row.getBoolean("blocks"),
                            row.getString("object") + ": " + row.getString("finding"),
                            row.getString("remedy"))));
        }
    }
}
