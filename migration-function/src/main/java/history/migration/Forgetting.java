package history.migration;

import java.sql.SQLException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Deletes a user's conversations, or those that are older than their tenant keeps them, and says what it has deleted. */
record Forgetting(Run run) {
    private static final UUID FIRST = new UUID(0, 0);
    private static final int SHOWN = 20;

    private record Plan(long conversations, String tenants) {}

    private record Batch(
            long conversations,
            @Nullable UUID tenant,
            @Nullable UUID reached) {}

    /** Says what there is to delete. The number that was confirmed is the most that may go, so that the same words go on with the rest. */
    String confirm() throws SQLException, Stop {
        var order = run.order();
        if (order.user() == null) {
            requireNumbers(order.tenant());
        }
        var plan = run.session()
                .one(
                        """
                        select coalesce(sum(t.n), 0)::bigint,
                            string_agg(format('%s of tenant %s', t.n, t.tenant_id), ', ' order by t.n desc, t.tenant_id) filter (where t.place <= ?)
                        from (select d.tenant_id, count(*) as n, row_number() over (order by count(*) desc) as place
                            from history.due(?, ?, ?, ?, null, false) d group by d.tenant_id) t""",
                        row -> new Plan(row.getLong(1), String.valueOf(row.getString(2))),
                        SHOWN,
                        order.tenant(),
                        order.user(),
                        FIRST,
                        FIRST);
        var words = "%s %s conversations" + (order.user() == null ? "" : " of " + order.user());
        var said = Pattern.compile(words.formatted(order.action().word(), "(\\d{1,15})"))
                .matcher(order.confirm());
        if (said.matches() && plan.conversations() <= Long.parseLong(said.group(1))) {
            return "%,d conversations".formatted(plan.conversations());
        }
        if (plan.conversations() == 0) {
            if (order.user() != null) {
                receipts();
            }
            throw Stop.done("There is nothing to delete.");
        }
        run.journal()
                .block(
                        "This deletes %,d conversations with everything in them, for good: %s."
                                .formatted(plan.conversations(), plan.tenants()),
                        "If you mean it, confirm it: "
                                + words.formatted(order.action().word(), plan.conversations()));
        throw Stop.failed("not confirmed; nothing was deleted");
    }

    /** A setting that is no number of days stops everything: a person meant something by it. */
    private void requireNumbers(@Nullable UUID tenant) throws SQLException, Stop {
        var wrong = run.session().text("""
                select string_agg(r.tenant_id::text, ', ') from history.retentions() r
                where r.days is null and r.tenant_id = coalesce(?, r.tenant_id)""", tenant);
        if (!wrong.isEmpty()) {
            run.journal()
                    .block(
                            "retention_days in the settings of these tenants is not a whole number from 1 to 99999: "
                                    + wrong,
                            "Correct it, or remove it to keep everything.");
            throw Stop.failed("see findings; nothing was deleted");
        }
    }

    String delete() throws SQLException, Stop {
        var order = run.order();
        var deleted = 0L;
        var pace = new Pace(run);
        var after = new Batch(0, FIRST, FIRST);
        while (true) {
            var before = after;
            after = pace.measured(size -> run.session()
                    .one(
                            "select * from history.forget_batch(?, ?, ?, ?, ?, ?, ?)",
                            row -> new Batch(
                                    row.getLong("conversations"),
                                    row.getObject("reached_tenant", UUID.class),
                                    row.getObject("reached", UUID.class)),
                            order.action().word(),
                            run.target().holder(),
                            order.tenant(),
                            order.user(),
                            before.tenant(),
                            before.reached(),
                            size));
            deleted += after.conversations();
            run.lease().beat();
            if (after.reached() == null) {
                return "%,d conversations".formatted(deleted);
            }
            if (run.timeLeft().isShort()) {
                throw Stop.outOfTime("%,d conversations in this call".formatted(deleted));
            }
        }
    }

    /** What the planner remembers of texts that are gone, it samples anew. */
    String analyze() throws SQLException {
        run.withoutHurry("analyze " + run.session().text("""
                select string_agg(t.name, ', ') from (values ('public.conversations'), ('public.messages'), ('public.chat_sessions'),
                    ('history.quarantine'), ('history.labelled'), ('history.remembered'), ('history.replaced')) t(name)
                join pg_class c on c.oid = to_regclass(t.name) and c.relkind = 'r' and pg_has_role(c.relowner, 'usage')"""));
        return "";
    }

    String receipts() throws SQLException {
        return run.session()
                .text(
                        "select history.forget_end(?, ?, ?)::text",
                        run.order().action().word(),
                        run.order().tenant(),
                        run.order().user());
    }
}
