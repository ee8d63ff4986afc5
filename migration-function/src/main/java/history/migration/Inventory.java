package history.migration;

import java.sql.SQLException;

/** How far the migration is, and how much there is of everything. */
record Inventory(Session session, Journal journal) {
    private static final String MADE_BY = "select to_jsonb(s) ->> 'version' from history.state s";

    /** Writes it down; what cannot be counted is a finding, so that the others are not lost. */
    Phase take() throws SQLException {
        var phase = session.phase();
        journal.fact("phase", phase.word());
        try {
            if (phase != Phase.NONE) {
                journal.fact("schema_version", session.text(MADE_BY));
            }
            if (session.isOfEarlierVersion()) {
                // Its policies show nothing to the path of this version.
                session.execute("set search_path = history_maintenance");
            } else if (phase != Phase.NONE) {
                journal.fact("confirm", session.text("select history.confirmation()"));
            }
            if (!Phase.BEFORE_EXPAND.contains(phase)
                    || session.isTrue("select to_regclass('public.chat_sessions') is not null")) {
                var counts = counts(phase).sql();
                if (session.isOfEarlierVersion()) { // it has no such function, and counted arrays alone
                    counts = counts.replace("history.list_of(c.messages)", "'[]'");
                }
                journal.facts(session.text("select to_jsonb(c) from (%s) c".formatted(counts)));
            }
        } catch (SQLException e) {
            if (Retry.isAway(e)) {
                throw e;
            }
            if (!Failure.isOfAnotherShape(e)) {
                journal.note("The rows cannot be counted: " + Failure.sentence(e) + ".", "See the other findings.");
            }
        }
        return phase;
    }

    private static SqlFile counts(Phase phase) {
        return switch (phase) {
            case NONE, PREPARED -> SqlFile.COUNTS_BEFORE;
            case EXPANDED, BACKFILLED, MIGRATED -> SqlFile.COUNTS_WITH_ARRAYS;
            case COMPLETE -> SqlFile.COUNTS_COMPLETE;
        };
    }
}
