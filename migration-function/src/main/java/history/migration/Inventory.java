package history.migration;

import java.sql.SQLException;

/** How far the migration is, and how much there is of everything. */
record Inventory(Session session, Journal journal) {
    /** Writes it down; what cannot be counted is a finding, so that the others are not lost. */
    Phase take() throws SQLException {
        var phase = Run.phase(session);
        journal.phase(phase);
        try {
            if (Run.isEarlier(session)) {
                // Its policies show nothing to the path of this version.
                session.execute("set search_path = history_maintenance");
            }
            count(phase);
        } catch (SQLException e) {
            if (Retry.isAway(e)) {
                throw e;
            }
            journal.finding(new Finding(
                    false, "The rows cannot be counted: " + Failure.sentence(e) + ".", "See the other findings."));
        }
        return phase;
    }

    private void count(Phase phase) throws SQLException {
        var file = switch (phase) {
            case NONE, PREPARED -> SqlFile.COUNTS_BEFORE;
            case EXPANDED, BACKFILLED, MIGRATED -> SqlFile.COUNTS_WITH_ARRAYS;
            case COMPLETE -> SqlFile.COUNTS_COMPLETE;
        };
        if (phase.compareTo(Phase.EXPANDED) < 0
                && !session.isTrue("select to_regclass('public.chat_sessions') is not null")) {
            return;
        }
        session.list(file.sql(), row -> {
            journal.counts(row);
            return true;
        });
    }
}
