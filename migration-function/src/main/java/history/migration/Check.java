package history.migration;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Checks on this database that callers see only their own rows, and that reads use indexes; names what blocks in status. */
record Check(Session session, Journal journal) {
    private static final String MAY = "select pg_has_role('anon', 'member') and pg_has_role('authenticated', 'member')";

    void ask() throws SQLException {
        if (Phase.BEFORE_EXPAND.contains(new Inventory(session, journal).take())) {
            journal.block("Nothing has been migrated.", "Run migrate first.");
        } else if (session.isOfEarlierVersion()) {
            journal.finding(Status.EARLIER);
        } else if (!session.isTrue(MAY)) {
            journal.block(
                    "Isolation cannot be checked: this role may not become anon and authenticated.",
                    session.text("select format('grant anon, authenticated to %I;', current_user)"));
        } else {
            journal.findings(
                    Guard.gate(session).stream().filter(Finding::blocks).toList());
            // One snapshot, so that counts agree while others write; read only, so that the server refuses a write.
            session.execute("begin transaction isolation level repeatable read, read only");
            try {
                session.list(SqlFile.text("check/check.sql"), this::write);
                journal.findings(session.findings(SqlFile.text("check/minor_release.sql")));
            } finally {
                session.execute("rollback");
            }
        }
    }

    private boolean write(ResultSet row) throws SQLException {
        var step = row.getString("step");
        if (step == null) {
            journal.finding(Session.finding(row));
        } else {
            journal.done(step, row.getString("detail"));
        }
        return true;
    }
}
