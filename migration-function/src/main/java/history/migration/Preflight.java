package history.migration;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Everything that keeps a migration from succeeding, found at once, before anything is changed. */
record Preflight(Session session) {
    private static final SqlFile SERVER = theme("server");
    private static final SqlFile DEPENDENTS = theme("dependents");
    private static final SqlFile FRESH = theme("fresh");

    /** Queries of the catalogue, which any database can answer in any phase. */
    static final List<SqlFile> THEMES =
            List.of(SERVER, theme("relations"), theme("columns"), theme("keys"), DEPENDENTS, theme("roles"));
    /** A query of the table itself, for when nothing else blocks. */
    static final SqlFile ROWS = theme("rows");

    private static final String PHASE_0 = """
            select exists (
                select from pg_class where oid = to_regclass('public.chat_sessions') and relkind = 'r')""";

    private static SqlFile theme(String name) {
        return new SqlFile("check/preflight_" + name);
    }

    /** @param fresh whether a new, empty schema is asked for, or none would be made */
    List<Finding> findings(boolean fresh) throws SQLException {
        var findings = new ArrayList<Finding>();
        for (var theme : fresh
                ? THEMES
                : Stream.concat(THEMES.stream(), Stream.of(FRESH)).toList()) {
            findings.addAll(session.findings(theme.sql()));
        }
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
            findings.addAll(session.findings(ROWS.sql()));
        }
        return findings;
    }

    /** What there still is to say when the table has been renamed. */
    List<Finding> afterwards() throws SQLException {
        var findings = new ArrayList<>(session.findings(SERVER.sql()));
        findings.addAll(dependents());
        findings.addAll(session.findings(SqlFile.BACKUPS.sql()));
        return findings;
    }

    /** What uses the array or the old name, at which complete would stop. */
    List<Finding> dependents() throws SQLException {
        return session.findings(DEPENDENTS.sql());
    }
}
