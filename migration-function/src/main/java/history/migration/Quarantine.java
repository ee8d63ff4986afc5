package history.migration;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Elements that could not become messages: releases those that can now, and reports the others. */
record Quarantine(Run run) {
    private static final int CONVERSATIONS = 200;

    private record Batch(
            long released, @Nullable UUID tenant, @Nullable UUID conversation) {}

    /** In small commits, so that a call continues where the one before ran out of time. */
    String release() throws SQLException, Stop {
        var released = 0L;
        var after = new Batch(0, new UUID(0, 0), new UUID(0, 0));
        while (true) {
            after = run.session()
                    .one(
                            "select * from history.release_batch(?, ?, ?)",
                            row -> new Batch(
                                    row.getLong("released"),
                                    row.getObject("reached_tenant", UUID.class),
                                    row.getObject("reached", UUID.class)),
                            after.tenant(),
                            after.conversation(),
                            CONVERSATIONS);
            released += after.released();
            if (after.conversation() == null) {
                return String.format(Locale.ROOT, "released: %,d", released);
            }
            run.lease().beat();
            if (run.timeLeft().isShort()) {
                throw Stop.outOfTime(String.format(Locale.ROOT, "released: %,d", released));
            }
        }
    }

    /** Messages that are slow to load. */
    static List<Finding> large(Session session) throws SQLException {
        return session.findings(SqlFile.text("check/large_messages.sql"));
    }

    /** @param edited only entries that were edited and are still no messages; they do not block a rollback */
    static List<Finding> findings(Session session, boolean edited) throws SQLException {
        return session.findings(SqlFile.text("check/quarantine.sql"), edited);
    }
}
