package history.migration;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Predicts what the next migrate would put into quarantine. It defines the functions of this version as temporary ones, in a
 * transaction that is rolled back.
 */
record Forecast(Session session, Phase phase) {
    List<Finding> findings() throws SQLException {
        var table = phase == Phase.EXPANDED ? "public.conversations" : "public.chat_sessions";
        if (!session.hasTable(table)) {
            return List.of();
        }
        session.execute("begin; set local statement_timeout = '30s'");
        try {
            session.execute(temporary(SqlFile.DEFINITIONS.stream()
                    .filter(file -> file.name().matches("(json|ids|element)/.*"))
                    .map(SqlFile::sql)
                    .collect(Collectors.joining("\n", "do $all$ begin execute $file$", "$file$; end $all$"))));
            var question = temporary(SqlFile.text("check/forecast.sql")).replace("public.chat_sessions", table);
            return session.findings(
                    phase == Phase.EXPANDED ? question.replace("where true", "where c.last_seq is null") : question);
        } finally {
            session.execute("rollback");
        }
    }

    private static String temporary(String sql) {
        return sql.replace("history.", "pg_temp.");
    }
}
