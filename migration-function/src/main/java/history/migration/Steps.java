package history.migration;

import static history.migration.Phase.BACKFILLED;
import static history.migration.Phase.BEFORE_EXPAND;
import static history.migration.Phase.COMPLETE;
import static history.migration.Phase.EVERY;
import static history.migration.Phase.EXPANDED;
import static history.migration.Phase.MIGRATED;
import static history.migration.Phase.NONE;
import static history.migration.Phase.PREPARED;
import static history.migration.Phase.WITH_ARRAYS;

import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.flywaydb.core.api.FlywayException;

/** The steps of every action, in order. */
final class Steps {
    private static final Set<Phase> WITH_TABLES = EnumSet.range(EXPANDED, COMPLETE);
    private static final Set<Phase> UNTIL_COMPLETE = EnumSet.complementOf(EnumSet.of(COMPLETE));

    private static final Step PREFLIGHT = new Step("preflight", EVERY, Steps::preflight);
    private static final Step PREPARE = new Step("prepare", EVERY, Steps::prepare);

    private static final Step UPGRADE = Step.repeated("upgrade", EVERY, "select history.upgrade()");
    private static final Step GUARD =
            new Step("guard", EVERY, run -> new Guard(run).make(run.session().phase()));
    private static final Step GATE = Step.findings("gate", EVERY, Guard::gate, "no differences");

    private static final List<Step> MIGRATE = List.of(
            PREFLIGHT,
            PREPARE,
            UPGRADE,
            GUARD,
            Step.sql("phase-0", EVERY, "select history.begin_fresh()"),
            Step.sql("memberships", UNTIL_COMPLETE, "select 'repaired: ' || history.repair_membership_policies()"),
            new Step("tenant-key", Set.of(PREPARED), Steps::tenantKey),
            Step.sql("expand", Set.of(PREPARED), "select history.expand()"),
            new Step("backfill", Set.of(EXPANDED), run -> new Backfill(run).all()),
            new Step("quarantine", EVERY, run -> new Quarantine(run).release()),
            Step.repeated("labels", WITH_TABLES, "select history.relabel((history.mislabelled())[:2000])"),
            new Step("verify", Set.of(BACKFILLED), run -> new Verification(run).resumed()),
            new Step("keys", Set.of(BACKFILLED), run -> new Guard(run).make(MIGRATED)),
            new Step("analyze", Set.of(BACKFILLED), Steps::analyze),
            new Step("orphans", Set.of(BACKFILLED), Steps::orphans),
            Step.findings("large", Set.of(BACKFILLED), Quarantine::large, "none"),
            new Step("realtime", Set.of(BACKFILLED), Steps::realtime),
            Step.sql("migrated", Set.of(BACKFILLED), "select history.enter('migrated')"),
            new Step("fresh", Set.of(MIGRATED), Steps::completeFresh),
            GATE,
            Step.findings("elements", EVERY, it -> Quarantine.findings(it, false), "every element is a message"));

    private static final Step OF_THIS_VERSION = new Step("version", WITH_TABLES, Steps::requireThisVersion);

    private static final Step COMPARE = new Step("verify", WITH_ARRAYS, run -> new Verification(run).whole());

    private static final List<Step> VERIFY = List.of(
            Step.refusal(BEFORE_EXPAND, "Nothing has been migrated.", "Run migrate first."),
            OF_THIS_VERSION,
            COMPARE,
            new Step("verify", Set.of(COMPLETE), run -> "complete: there is no array left to compare with"),
            Step.findings("labels", WITH_TABLES, Verification::mislabelled, "lists show them as they are"));

    private static final List<Step> ROLLBACK = List.of(
            Step.refusal(
                    Set.of(COMPLETE),
                    "The migration is complete: the old arrays are gone, and there is nothing to go back to.",
                    "Restore a backup, if you must."),
            new Step("rollback", BEFORE_EXPAND, run -> "nothing to roll back"),
            OF_THIS_VERSION,
            COMPARE,
            Step.sql("rollback", WITH_ARRAYS, "select history.roll_back()"));

    private static final List<Step> COMPLETE_STEPS = List.of(
            Step.refusal(
                    EnumSet.range(NONE, BACKFILLED),
                    "The migration is not finished.",
                    "Run migrate until it has succeeded."),
            OF_THIS_VERSION,
            new Step("dependents", Set.of(MIGRATED), Steps::dependents),
            new Step("confirm", Set.of(MIGRATED), Steps::confirm),
            COMPARE,
            Step.sql("complete", EnumSet.of(MIGRATED, COMPLETE), "select history.drop_arrays()"));

    private static final List<Step> FORGET = List.of(
            Step.refusal(Set.of(NONE), "There is no schema history.", "Run migrate first."),
            new Step("version", EnumSet.range(PREPARED, COMPLETE), Steps::requireThisVersion),
            new Step("confirm", EVERY, run -> new Forgetting(run).confirm()),
            new Step("delete", EVERY, run -> new Forgetting(run).delete()),
            new Step("analyze", EVERY, run -> new Forgetting(run).analyze()),
            new Step("receipts", EVERY, run -> new Forgetting(run).receipts()));

    private static List<Step> transfer(String name, Step.Work work) {
        return List.of(
                Step.refusal(EnumSet.range(NONE, BACKFILLED), "Not every message has a row.", "Run migrate first."),
                OF_THIS_VERSION,
                new Step(name, EnumSet.of(MIGRATED, COMPLETE), work));
    }

    private Steps() {}

    static List<Step> of(Action action) {
        return switch (action) {
            case STATUS, CHECK -> List.of();
            case PREPARE -> List.of(PREFLIGHT, PREPARE, UPGRADE, GUARD, GATE);
            case MIGRATE -> MIGRATE;
            case VERIFY -> VERIFY;
            case ROLLBACK -> ROLLBACK;
            case COMPLETE -> COMPLETE_STEPS;
            case ERASE, PRUNE -> FORGET;
            case EXPORT -> transfer("export", run -> new Transfer(run).write());
            case IMPORT -> transfer("import", run -> new Transfer(run).read());
        };
    }

    private static String preflight(Run run) throws SQLException {
        var fresh = run.order().fresh() || run.order().action() == Action.PREPARE;
        run.journal().findings(new Preflight(run.session()).findings(fresh));
        return run.journal().isBlocked() ? "see findings; nothing was changed" : "nothing in the way";
    }

    /** The policies of an earlier version hide its rows from this one, so a comparison would see no difference. */
    private static String requireThisVersion(Run run) throws SQLException, Stop {
        if (run.session().isOfEarlierVersion()) {
            run.journal().finding(Status.EARLIER);
            throw Stop.failed(Status.EARLIER.finding());
        }
        return "of this version";
    }

    /** Applies the definitions, every time, which undoes what somebody altered; and sets password and limits of the functions' role. */
    private static String prepare(Run run) throws SQLException, Stop {
        new Guard(run).makeKnowBothPaths();
        new Guard(run).addColumns();
        try {
            if (SchemaHistory.isUpToDate(run.session())
                    || !new SchemaHistory(run.target().address()).isNewer()) {
                run.session().execute(Definitions.STATEMENT);
            }
        } catch (FlywayException e) {
            throw Failure.of(e)
                    .orElseThrow(() -> Stop.failed(Objects.requireNonNullElse(e.getMessage(), e.toString())));
        }
        var verifier = run.target().password().verifier();
        if (!verifier.isEmpty()) {
            run.session().execute("alter role history_functions password '%s'".formatted(verifier));
        }
        run.target().connections().set(run);
        return "defined";
    }

    /** Before expand, so that the key takes no time while the table is locked. */
    private static String tenantKey(Run run) throws SQLException {
        if (run.session().isTrue("""
                select coalesce((select indisvalid from pg_index
                    where indexrelid = to_regclass('public.conversations_tenant_id_id_key')), false)""")) {
            return "there already";
        }
        run.withoutHurry("drop index concurrently if exists public.conversations_tenant_id_id_key");
        run.withoutHurry(
                "create unique index concurrently conversations_tenant_id_id_key on public.chat_sessions (tenant_id, id)");
        return "built";
    }

    private static String analyze(Run run) throws SQLException {
        run.session().execute("analyze public.conversations, public.messages");
        return "";
    }

    private static String orphans(Run run) throws SQLException, Stop {
        var orphans = run.session().number("select history.orphans()");
        if (orphans > 0) {
            throw Stop.failed("%d messages have no conversation".formatted(orphans));
        }
        return "none";
    }

    private static String realtime(Run run) throws SQLException {
        var words = run.session().text("select history.join_realtime()");
        if (!words.isEmpty()) {
            run.journal().note("Supabase Realtime is used.", words);
        }
        return words.isEmpty() ? "not used" : words;
    }

    private static String completeFresh(Run run) throws SQLException {
        return run.session().isTrue("select fresh from history.state")
                ? run.session().text("select history.drop_arrays()")
                : "an existing database: its arrays stay until complete";
    }

    /** What uses the array or the old name blocks now; status has listed it from the start. */
    private static String dependents(Run run) throws SQLException {
        var dependents = new Preflight(run.session()).dependents();
        dependents.forEach(it -> run.journal().block(it.finding(), it.remedy()));
        return dependents.isEmpty() ? "nothing in the way" : "see findings; nothing was dropped";
    }

    /** What cannot be undone needs a confirmation. */
    private static String confirm(Run run) throws SQLException, Stop {
        if (!run.session().isTrue("select history.is_confirmed(?)", run.order().confirm())) {
            run.journal()
                    .block(
                            "This drops the old name chat_sessions and the arrays, for good. "
                                    + run.session().text("select history.old_name()"),
                            run.session()
                                    .text("select format('If you mean it, confirm it: %s', history.confirmation())"));
            throw Stop.failed("not confirmed; nothing was changed");
        }
        return run.session().text("select history.old_name()");
    }
}
