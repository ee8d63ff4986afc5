package history.local;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;

/** {@code ./mvnw -Plocal}: runs until it is told to stop; what is wrong is said in one line. */
public final class LocalCommand {
    private static final Logger LOG = Logger.getLogger("");

    private LocalCommand() {}

    /** Takes the template's path. */
    public static void main(String[] arguments) {
        LOG.setLevel(Level.WARNING);
        if (!System.getenv().getOrDefault("DATABASE_URL", "").isBlank()) {
            System.out.println("DATABASE_URL is not used here: the local run takes LOCAL_DATABASE_URL.");
        }
        try {
            var template = Path.of(arguments[0]);
            var run = LocalRun.start(template, System.getenv());
            Runtime.getRuntime().addShutdownHook(new Thread(run::close));
            System.out.println(Welcome.to(run, template));
            awaitParentsEnd();
            System.exit(0);
        } catch (IllegalArgumentException | IllegalStateException | IOException | SQLException e) {
            System.err.println("Cannot start: " + e.getMessage());
            stopMaven();
            System.exit(1);
        }
    }

    /** Also when Maven is killed, neither we nor PostgreSQL must be left behind. */
    private static void awaitParentsEnd() {
        ProcessHandle.current()
                .parent()
                .map(ProcessHandle::onExit)
                .orElseGet(CompletableFuture::new)
                .join();
    }

    /** Maven would hide our one line under a page about plugins and goals; it is asked to stop instead of being told. */
    private static void stopMaven() {
        if (Boolean.getBoolean("history.maven")) {
            ProcessHandle.current().parent().ifPresent(ProcessHandle::destroy);
        }
    }
}
