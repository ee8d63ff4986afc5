package history.migration;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Everything that keeps a migration from succeeding, found at once, before anything is changed. */
record Preflight(Session session) {
    private static final String PHASE_0 = """
            select exists (
                select from pg_class where oid = to_regclass('public.chat_sessions') and relkind = 'r')""";

    List<Finding> findings() throws SQLException {
        var findings = new ArrayList<>(session.findings(SqlFile.PREFLIGHT_CATALOGUE.sql()));
        if (!session.text("select pg_backend_pid()::text").equals(session.text("select pg_backend_pid()::text"))) {
            findings.add(new Finding(
                    true,
                    "The connection goes through a pooler that changes servers between transactions.",
                    "Use the direct connection or the session pooler (port 5432, not 6543)."));
        }
        if (session.phase() != Phase.COMPLETE) {
            for (var file : SqlFile.TEAM) {
                findings.addAll(session.findings(file.findings()));
            }
        }
        if (findings.stream().noneMatch(Finding::blocks) && session.isTrue(PHASE_0)) {
            findings.addAll(session.findings(SqlFile.PREFLIGHT_ROWS.sql()));
        }
        return findings;
    }
}
