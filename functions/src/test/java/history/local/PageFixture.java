package history.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** A local run whose model says what a test wants, and a browser with its page. */
final class PageFixture implements AutoCloseable {
    final TalkingModel model;
    final Browser browser;
    private final Path folder;
    private LocalRun run;

    private PageFixture(TalkingModel model, Browser browser, Path folder, LocalRun run) {
        this.model = model;
        this.browser = browser;
        this.folder = folder;
        this.run = run;
    }

    static PageFixture open(Path folder, Map<String, String> settings, String... arguments)
            throws IOException, SQLException {
        var model = new TalkingModel();
        var chosen = new HashMap<>(model.environment());
        chosen.putAll(settings);
        var run = run(folder, "0", chosen);
        return new PageFixture(model, Browser.open(run.url(), folder.resolve("profile"), arguments), folder, run);
    }

    private static LocalRun run(Path folder, String port, Map<String, String> settings)
            throws IOException, SQLException {
        var environment = new HashMap<>(settings);
        environment.putAll(Map.of("PORT", port, "LOCAL_DATA_DIR", folder.toString()));
        return LocalRun.start(Path.of("../template.yaml"), environment);
    }

    LocalRun run() {
        return run;
    }

    void stopServer() {
        run.close();
    }

    /** At the same address, with the same data. */
    void startServer() throws IOException, SQLException {
        run = run(folder, run.url().replaceFirst(".*:", ""), model.environment());
    }

    /** From its next start the server believes no token that it gave before. */
    void forgetKey() throws IOException {
        Files.delete(folder.resolve("signing-key.json"));
    }

    @Override
    public void close() {
        browser.close();
        run.close();
        model.close();
    }
}
