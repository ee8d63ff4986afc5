package history.migration;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the next migrate would put into quarantine. It reads with the functions of this version, as temporary ones in a
 * transaction that is rolled back: all of a small table, and a part of the pages of a large one.
 */
record Forecast(Session session, Phase phase) {
    private static final double MOST_BYTES = 32 << 20;
    private static final String TOO_LARGE = "too_large";

    List<Finding> findings() throws SQLException {
        var table = phase == Phase.EXPANDED ? "public.conversations" : "public.chat_sessions";
        if (!session.isTrue(
                "select exists (select from pg_class where oid = to_regclass(?) and relkind = 'r')", table)) {
            return List.of();
        }
        try {
            var size = session.number("select pg_table_size(?::regclass)", table);
            var percent = Math.min(100, 100 * MOST_BYTES / Math.max(1, size));
            return findings(judged(table, percent), percent);
        } catch (SQLException e) {
            if (Retry.isAway(e)) {
                throw e;
            }
            if (Failure.isOfAnotherShape(e)) {
                return List.of();
            }
            return List.of(new Finding(
                    false,
                    "What would go to quarantine cannot be told: " + Failure.sentence(e) + ".",
                    "migrate reports it, and keeps every element."));
        }
    }

    private List<Reason> judged(String table, double percent) throws SQLException {
        session.execute("begin; set local statement_timeout = '30s'");
        try {
            session.execute(temporary(SqlFile.definitions().stream()
                    .filter(file -> file.name().matches("(json|ids|element)/.*"))
                    .map(SqlFile::sql)
                    .collect(Collectors.joining("\n", "do $all$ begin execute $file$", "$file$; end $all$"))));
            var question = temporary(SqlFile.FORECAST.sql()).replace("public.chat_sessions", table);
            if (phase == Phase.EXPANDED) {
                question = question.replace("where true", "where c.last_seq is null");
            }
            return session.list(question, Reason::read, percent);
        } finally {
            session.execute("rollback");
        }
    }

    private static String temporary(String sql) {
        return sql.replace("history.", "pg_temp.");
    }

    private static List<Finding> findings(List<Reason> judged, double percent) {
        var large = judged.stream().filter(it -> TOO_LARGE.equals(it.name())).toList();
        var all = judged.stream().filter(it -> !TOO_LARGE.equals(it.name())).toList();
        var kept = all.stream().filter(it -> it.name() != null).toList();
        var of = String.format(Locale.ROOT, "%,d elements", Reason.sum(all))
                + (percent < 100 ? String.format(Locale.ROOT, " of a sample, %.1f %% of the table,", percent) : "");
        var findings = new ArrayList<Finding>();
        if (!kept.isEmpty()) {
            findings.add(new Finding(
                    false,
                    String.format(
                            Locale.ROOT,
                            "%,d of %s would go to quarantine: %s.",
                            Reason.sum(kept),
                            of,
                            Reason.words(kept)),
                    Quarantine.REMEDY));
        }
        large.forEach(it -> findings.add(LargeMessages.finding(it.elements(), it.example())));
        return findings;
    }
}
