package history.migration;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Finds everything that would make a migration fail, at once and before anything is changed. */
record Preflight(Session session) {
    /** Queries of the catalogue, which work in any database and phase. */
    static final List<String> THEMES = List.of("server", "relations", "columns", "keys", "dependents", "roles");

    /** A query of the table itself, which runs when nothing else blocks. */
    static final String ROWS = "rows";

    static String sql(String theme) {
        return SqlFile.text("check/preflight_%s.sql".formatted(theme));
    }

    /** @param fresh whether a new, empty schema was asked for, or none would be created anyway */
    List<Finding> findings(boolean fresh) throws SQLException {
        var findings = new ArrayList<Finding>();
        for (var theme : THEMES) {
            findings.addAll(of(theme));
        }
        if (!fresh) {
            findings.addAll(of("fresh"));
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
        if (findings.stream().noneMatch(Finding::blocks) && session.hasTable("public.chat_sessions")) {
            findings.addAll(of(ROWS));
        }
        return findings;
    }

    /** The findings that still apply when the table has been renamed. */
    List<Finding> afterwards() throws SQLException {
        var findings = new ArrayList<>(of("server"));
        findings.addAll(dependents());
        findings.addAll(session.findings(SqlFile.text("check/backups.sql")));
        return findings;
    }

    /** What uses the array or the old name, and would stop complete. */
    List<Finding> dependents() throws SQLException {
        return of("dependents");
    }

    private List<Finding> of(String theme) throws SQLException {
        return session.findings(sql(theme));
    }
}
