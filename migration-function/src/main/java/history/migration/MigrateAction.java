package history.migration;

import java.sql.SQLException;

/** Everything up to a verified and fully usable new schema, each step looking first whether it is done. */
record MigrateAction(Session session, Lease lease, Deadline deadline, Journal journal, Inventory inventory) {
    void run() throws SQLException, Journal.Stopped {
        journal.step("phase-0", () -> session.text("select history.begin_fresh()"));
        if (inventory.phase().equals("complete")) {
            journal.step("quarantine", this::releaseQuarantine);
            return;
        }
        journal.step(
                "memberships",
                () -> Retry.patiently(
                        () -> "repaired: " + session.text("select history.repair_membership_policies()")));
        if (inventory.phase().equals("prepared")) {
            journal.step("tenant-key", new Indexes(session)::tenantKey);
            journal.step("expand", () -> Retry.patiently(() -> session.text("select history.expand()")));
        }
        if (inventory.phase().equals("expanded")) {
            backfill();
        }
        journal.step("quarantine", this::releaseQuarantine);
        if (inventory.phase().equals("backfilled")) {
            finish();
        }
        if (session.isTrue("select fresh from history.state")) {
            journal.step("complete", () -> Retry.patiently(() -> session.text("select history.complete()")));
        }
    }

    private void backfill() throws SQLException, Journal.Stopped {
        var elements = inventory.counts("expanded").elements();
        journal.step("backfill", () -> new Backfill(session, lease, deadline).run(elements));
        session.execute("""
                update history.state set backfilled_to = '00000000-0000-0000-0000-000000000000';
                select history.enter('backfilled')""");
    }

    private String releaseQuarantine() throws SQLException {
        return Retry.patiently(() -> "released: " + session.number("select history.release_quarantine()"));
    }

    private void finish() throws SQLException, Journal.Stopped {
        verify(true);
        journal.step("keys", () -> new Guard(session).make("migrated"));
        session.execute("analyze public.conversations, public.messages");
        journal.step("orphans", () -> {
            var orphans = session.number("select history.orphans()");
            if (orphans > 0) {
                throw new SQLException("%d messages have no conversation".formatted(orphans));
            }
            return "none";
        });
        journal.step("realtime", () -> {
            var words = session.text("select history.join_realtime()");
            if (!words.isEmpty()) {
                journal.finding(new Finding(false, "Supabase Realtime is used.", words));
            }
            return words.isEmpty() ? "not used" : words;
        });
        session.execute("select history.enter('migrated')");
    }

    /** Stops where an array is not what its rows give. */
    void verify(boolean resumes) throws SQLException, Journal.Stopped {
        var conversations = session.number("select count(*) from public.conversations");
        journal.step("verify", () -> {
            var differing = new Verification(session, lease, deadline).differing(conversations, resumes);
            if (!differing.isEmpty()) {
                throw new SQLException("%d conversations differ from their rows: %s"
                        .formatted(
                                differing.size(),
                                String.join(", ", differing.subList(0, Math.min(10, differing.size())))));
            }
            return "%,d conversations compared, none differs".formatted(conversations);
        });
    }
}
