package history.migration;

import history.access.DatabaseAddress;
import history.access.Login;
import history.access.Role;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;

/** Brings a database from {@code chat_sessions} to {@code conversations} and {@code messages}, and back. */
public final class Migration {
    /** The database, and who runs the migration. */
    record Target(
            DatabaseAddress address, FunctionsPassword password, FunctionsConnections connections, String holder) {}

    private final Target target;

    private Migration(Target target) {
        this.target = target;
    }

    /**
     * The migration of the database that the environment names.
     *
     * @param environment {@code DATABASE_URL}, {@code DATABASE_SECRET}, {@code FUNCTIONS_PASSWORD},
     *     {@code FUNCTIONS_CONNECTIONS}, {@code FUNCTIONS_IDLE_SECONDS}
     * @throws IllegalArgumentException naming the variable that is wrong, and what is allowed
     */
    public static Migration of(Map<String, String> environment) {
        // Blank counts as unset, as in the functions: templates cannot leave one out.
        var variables = new HashMap<>(environment);
        variables.values().removeIf(String::isBlank);
        return new Migration(new Target(
                address(variables),
                FunctionsPassword.from(variables),
                FunctionsConnections.from(variables),
                variables.getOrDefault(
                        "AWS_LAMBDA_LOG_STREAM_NAME",
                        "process " + ProcessHandle.current().pid())));
    }

    static DatabaseAddress address(Map<String, String> variables) {
        var url = variables.get("DATABASE_URL");
        if (url == null) {
            throw new IllegalArgumentException("DATABASE_URL must be " + DatabaseAddress.FORM + "; it is not set.");
        }
        var login = Optional.ofNullable(variables.get("DATABASE_SECRET"))
                .map(secret -> new Login(secret.strip(), name -> variables.getOrDefault(name, "")));
        if (login.isPresent() && !login.get().hasRole()) {
            throw new IllegalArgumentException("DATABASE_SECRET needs " + Role.VARIABLES + ".");
        }
        var defaults = new Properties();
        defaults.setProperty("ApplicationName", "conversation-history migration");
        defaults.setProperty("connectTimeout", "10");
        defaults.setProperty("tcpKeepAlive", "true");
        try {
            return DatabaseAddress.of(url, defaults, login);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("DATABASE_URL " + e.getMessage() + ".", e);
        }
    }

    /** From now on a migration in this process prints nothing but its report. */
    public static void quietly() {
        Log.quiet();
    }

    /** Runs the action as far as possible; there is always a report. */
    public Report run(Action action) {
        return run(new Order(action, ""));
    }

    /** The same with a confirmation for what cannot be undone: the text in {@code confirm} of the report of {@code status}. */
    public Report run(Action action, String confirm) {
        return run(new Order(action, confirm));
    }

    Report run(Order order) {
        return run(order, TimeLeft.UNLIMITED, step -> {});
    }

    /** The same with an observer of each step that ends. */
    Report run(Order order, TimeLeft timeLeft, Consumer<StepResult> observer) {
        var journal = new Journal(order.action(), observer);
        try (var session = new Session(target.address())) {
            var owner = session.forbiddingOwner();
            if (!owner.isEmpty()) {
                journal.block(
                        "This role may not use schema history, which belongs to %s.".formatted(owner),
                        "Connect as %s, or as a member of that role.".formatted(owner));
                return journal.report();
            }
            switch (order.action()) {
                case STATUS -> new Status(session, journal).ask();
                case CHECK -> new Check(session, journal).ask();
                default -> change(order, session, timeLeft, journal);
            }
        } catch (SQLException e) {
            Log.detail(String.valueOf(e.getMessage()));
            journal.block(
                    "The database at %s cannot be used: %s (SQLSTATE %s)"
                            .formatted(target.address().hosts(), Failure.sentence(e), e.getSQLState()),
                    (Retry.isLocked(e)
                                    ? "Wait until the lock is released"
                                    : Failure.isOfAnotherShape(e)
                                            ? "Mend what status names"
                                            : "Look at DATABASE_URL and at the server")
                            + ", then call again: what is done stays done.");
        }
        return journal.report();
    }

    private void change(Order order, Session session, TimeLeft timeLeft, Journal journal) throws SQLException {
        try (var lease = Lease.take(session, target.holder(), order.action())) {
            new Run(order, target, session, lease, timeLeft, journal).all(Steps.of(order.action()));
        } catch (Stop held) {
            journal.waitForAnother();
            journal.note(held.getMessage() + ".", "Wait for it, or call again later.");
        }
        new Inventory(session, journal).take();
    }
}
