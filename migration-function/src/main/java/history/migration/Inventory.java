package history.migration;

import java.sql.SQLException;
import java.util.TreeMap;

/** How far the migration is, and how much there is of everything. */
record Inventory(Session session) {
    private static final String ELEMENTS =
            "coalesce(sum(case when jsonb_typeof(messages) = 'array' then jsonb_array_length(messages) end), 0)";

    String phase() throws SQLException {
        if (session.isTrue("select to_regclass('history.state') is not null")) {
            return session.text("select coalesce((select phase from history.state), 'none')");
        }
        return "none";
    }

    Counts counts(String phase) throws SQLException {
        return switch (phase) {
            case "none", "prepared" -> before();
            case "complete" ->
                after("(select count(*) from public.messages) + (select count(*) from history.quarantine)");
            default -> after("(select " + ELEMENTS + " from public.conversations)");
        };
    }

    private Counts before() throws SQLException {
        if (!session.isTrue("select to_regclass('public.chat_sessions') is not null")) {
            return Counts.NONE;
        }
        return session.one(
                "select count(*), " + ELEMENTS + " from public.chat_sessions",
                row -> new Counts(row.getLong(1), row.getLong(2), 0, 0, row.getLong(1), new TreeMap<>()));
    }

    private Counts after(String elements) throws SQLException {
        var reasons = new TreeMap<String, Long>();
        session.list(
                "select reason, count(*) from history.quarantine group by reason",
                row -> reasons.put(row.getString(1), row.getLong(2)));
        return session.one(
                """
                select count(*), count(*) filter (where last_seq is null), (select count(*) from public.messages), %s
                from public.conversations""".formatted(elements),
                row -> new Counts(
                        row.getLong(1),
                        row.getLong(4),
                        row.getLong(3),
                        reasons.values().stream().mapToLong(Long::longValue).sum(),
                        row.getLong(2),
                        reasons));
    }
}
