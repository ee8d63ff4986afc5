package history.migration;

import java.sql.SQLException;

/** The phase of the migration, and the counts of everything. */
record Inventory(Session session, Journal journal) {
    private static final String MADE_BY = "select to_jsonb(s) ->> 'version' from history.state s";

    /** Adds them to the report. */
    Phase take() throws SQLException {
        var phase = session.phase();
        journal.fact("phase", phase.word());
        journal.attempt("The rows cannot be counted", () -> count(phase));
        return phase;
    }

    private void count(Phase phase) throws SQLException {
        var isEarlier = session.isOfEarlierVersion();
        if (phase != Phase.NONE) {
            journal.fact("schema_version", session.text(MADE_BY));
        }
        if (isEarlier) {
            // Its policies show nothing to a session with this version's search path.
            session.execute("set search_path = history_maintenance");
        } else if (phase != Phase.NONE) {
            journal.fact("confirm", session.text("select history.confirmation()"));
        }
        if (!Phase.BEFORE_EXPAND.contains(phase)
                || session.isTrue("select to_regclass('public.chat_sessions') is not null")) {
            var counts = SqlFile.text(
                    switch (phase) {
                        case NONE, PREPARED -> "check/counts_before.sql";
                        case EXPANDED, BACKFILLED, MIGRATED -> "check/counts_with_arrays.sql";
                        case COMPLETE -> "check/counts_complete.sql";
                    });
            if (isEarlier) { // it has no such function, and counted plain arrays only
                counts = counts.replace("history.list_of(c.messages)", "'[]'");
            }
            journal.facts(session.text("select to_jsonb(c) from (%s) c".formatted(counts)));
        }
    }
}
