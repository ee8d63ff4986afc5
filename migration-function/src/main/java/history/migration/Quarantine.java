package history.migration;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Elements that cannot be messages: releases those that can by now, and tells of the others. */
record Quarantine(Run run) {
    static final String REMEDY =
            "Every element is kept. docs/message-shapes.md says what is read, docs/migrating.md how to mend one.";
    private static final int CONVERSATIONS = 200;

    private record Batch(
            long released, @Nullable UUID tenant, @Nullable UUID conversation) {}

    /** In small commits. A call that follows one that ran out of time has less to do. */
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

    /** At the end of migrate. When nothing but quarantine has come of an array's elements, that is no success. */
    String tell() throws SQLException {
        var kept = run.session().list(SqlFile.QUARANTINE.sql(), Reason::read);
        if (kept.isEmpty()) {
            return "every element is a message";
        }
        var messages = run.session().number("select count(*) from public.messages");
        var words = String.format(
                Locale.ROOT,
                "%,d of %,d elements are in quarantine: %s.",
                Reason.sum(kept),
                Reason.sum(kept) + messages,
                Reason.words(kept));
        run.journal().finding(new Finding(messages == 0, words, REMEDY));
        tellOfEdited();
        return "see findings";
    }

    /** What somebody has mended, but not enough. It counts as it came: the way back stays open. */
    void tellOfEdited() throws SQLException {
        List<Reason> edited = run.session().list(SqlFile.EDITED_ENTRIES.sql(), Reason::read);
        if (!edited.isEmpty()) {
            run.journal()
                    .finding(new Finding(
                            false,
                            String.format(
                                    Locale.ROOT,
                                    "%,d entries of the quarantine were edited and are no messages yet: %s.",
                                    Reason.sum(edited),
                                    Reason.words(edited)),
                            "Mend them further and migrate again. A rollback restores each element as it came."));
        }
    }
}
