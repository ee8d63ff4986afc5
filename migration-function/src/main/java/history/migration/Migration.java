package history.migration;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Brings a database from {@code chat_sessions} to {@code conversations} and {@code messages}, and back. */
public final class Migration {
    private static final int ELEMENTS_PER_SECOND = 30_000;

    private final DatabaseAddress address;
    private final String functionsVerifier;
    private final String holder;

    private Migration(DatabaseAddress address, String functionsVerifier, String holder) {
        this.address = address;
        this.functionsVerifier = functionsVerifier;
        this.holder = holder;
    }

    /**
     * The migration of the database that the environment names.
     *
     * @param environment {@code DATABASE_URL}, {@code DATABASE_SECRET}, {@code FUNCTIONS_PASSWORD}
     * @throws IllegalArgumentException naming the variable that is wrong, and what is allowed
     */
    public static Migration of(Map<String, String> environment) {
        return new Migration(
                DatabaseAddress.from(environment),
                verifier(environment.getOrDefault("FUNCTIONS_PASSWORD", "")),
                environment.getOrDefault(
                        "AWS_LAMBDA_LOG_STREAM_NAME",
                        "process " + ProcessHandle.current().pid()));
    }

    /**
     * Does it, as far as it goes.
     *
     * @throws SQLException when the database cannot be reached
     */
    public Report run(Action action) throws SQLException {
        return run(action, Deadline.NONE);
    }

    Report run(Action action, Deadline deadline) throws SQLException {
        return run(action, deadline, step -> {});
    }

    /** With somebody who hears of each step when it ends. */
    Report run(Action action, Deadline deadline, Consumer<Step> observer) throws SQLException {
        var journal = new Journal(observer);
        try (var session = Session.open(address)) {
            var inventory = new Inventory(session);
            if (action == Action.STATUS) {
                status(session, inventory, journal);
            } else {
                change(action, session, deadline, journal, inventory);
            }
            var phase = inventory.phase();
            return journal.report(action, phase, inventory.counts(phase));
        }
    }

    private void change(Action action, Session session, Deadline deadline, Journal journal, Inventory inventory)
            throws SQLException {
        try (var lease = Lease.take(session)) {
            lease.note(holder, action);
            switch (action) {
                case PREPARE, MIGRATE -> migrate(action, session, lease, deadline, journal, inventory);
                case VERIFY -> verify(new MigrateAction(session, lease, deadline, journal, inventory));
                case ROLLBACK -> rollback(new MigrateAction(session, lease, deadline, journal, inventory));
                case COMPLETE -> complete(session, journal, inventory);
                case STATUS -> throw new IllegalArgumentException("changes nothing");
            }
        } catch (Lease.Held held) {
            journal.callAgain();
            journal.finding(new Finding(
                    false, "Another run is at work: " + held.getMessage() + ".", "Wait for it, or call again later."));
        } catch (Journal.Stopped stopped) {
            Progress.log("stopped; what is done stays done");
        }
    }

    private void migrate(
            Action action, Session session, Lease lease, Deadline deadline, Journal journal, Inventory inventory)
            throws SQLException, Journal.Stopped {
        journal.step("preflight", () -> {
            journal.findings(new Preflight(session).findings());
            return journal.isBlocked() ? "see findings; nothing was changed" : "nothing in the way";
        });
        if (journal.isBlocked()) {
            return;
        }
        journal.step("prepare", () -> {
            var files = new SchemaHistory(address).update();
            setFunctionsPassword(session);
            return files + " files run";
        });
        journal.step("upgrade", () -> upgrade(session));
        journal.step("guard", () -> new Guard(session).make(inventory.phase()));
        if (action == Action.MIGRATE) {
            lease.note(holder, action);
            new MigrateAction(session, lease, deadline, journal, inventory).run();
        }
        journal.findings(new Guard(session).rest(inventory.phase()));
    }

    /** What happens once, each step recorded. */
    private static String upgrade(Session session) throws SQLException {
        var done = new ArrayList<String>();
        for (var step = nextUpgrade(session); !step.isEmpty(); step = nextUpgrade(session)) {
            done.add(step);
        }
        return done.isEmpty() ? "up to date" : String.join(", ", done);
    }

    private static String nextUpgrade(Session session) throws SQLException {
        return Retry.patiently(() -> session.text("select history.upgrade()"));
    }

    private static String verifier(String password) {
        return password.isEmpty() ? "" : ScramVerifier.of(password);
    }

    private void setFunctionsPassword(Session session) throws SQLException {
        if (!functionsVerifier.isEmpty()) {
            session.execute("alter role history_functions password '%s'".formatted(functionsVerifier));
        }
    }

    private static void verify(MigrateAction migrate) throws SQLException, Journal.Stopped {
        if (List.of("none", "prepared").contains(migrate.inventory().phase())) {
            migrate.journal().finding(new Finding(true, "Nothing has been migrated.", "Run migrate first."));
        } else if (migrate.inventory().phase().equals("complete")) {
            migrate.journal().step("verify", () -> "complete: there is no array left to compare with");
        } else {
            migrate.verify(false);
        }
    }

    private static void rollback(MigrateAction migrate) throws SQLException, Journal.Stopped {
        switch (migrate.inventory().phase()) {
            case "complete" ->
                migrate.journal()
                        .finding(new Finding(
                                true,
                                "The migration is complete: the old arrays are gone, and there is nothing to go back to.",
                                "Restore a backup, if you must."));
            case "none", "prepared" -> migrate.journal().step("rollback", () -> "nothing to roll back");
            default -> {
                migrate.verify(false);
                migrate.journal()
                        .step(
                                "rollback",
                                () -> Retry.patiently(() -> migrate.session().text("select history.roll_back()")));
            }
        }
    }

    private static void complete(Session session, Journal journal, Inventory inventory)
            throws SQLException, Journal.Stopped {
        if (!List.of("migrated", "complete").contains(inventory.phase())) {
            journal.finding(new Finding(true, "The migration is not finished.", "Run migrate until it has succeeded."));
            return;
        }
        journal.step("complete", () -> Retry.patiently(() -> session.text("select history.complete()")));
    }

    private static void status(Session session, Inventory inventory, Journal journal) throws SQLException {
        var phase = inventory.phase();
        if (List.of("none", "prepared").contains(phase)) {
            journal.findings(new Preflight(session).findings());
        }
        if (List.of("none", "prepared", "expanded").contains(phase)) {
            var seconds = inventory.counts(phase).elements() / ELEMENTS_PER_SECOND + 10;
            journal.finding(new Finding(false, "migrate will take about %d s.".formatted(seconds), ""));
        }
        if (session.isTrue("select to_regprocedure('history.differences(text)') is not null")) {
            journal.findings(session.list(
                    SqlFile.CATALOGUE.sql(),
                    row -> new Finding(
                            row.getBoolean("blocks"),
                            row.getString("object") + ": " + row.getString("finding"),
                            row.getString("remedy"))));
        } else if (!phase.equals("none")) {
            journal.finding(new Finding(
                    true, "An earlier version made the schema.", "Run migrate: it brings the schema up to date."));
        }
    }
}
