package history.local;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;

/** {@code ./mvnw -Pbrowser -Dscreenshots}: the pictures of the README; nothing compares them with anything. */
@Tag("browser")
@EnabledIfSystemProperty(named = "screenshots", matches = ".*")
final class ScreenshotsTest {
    private static final Path DOCS = Path.of("../docs/page");
    /** Without a window there is no mouse either, and the page would show what it shows where one touches. */
    private static final String MOUSE =
            "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4";

    private static final String FIRST =
            "My list takes 900 ms on a million rows. Why does PostgreSQL read the whole table?";
    private static final String SECOND = "And if somebody filters by label as well?";
    private static final String OTHERS = """
            with one as (select tenant_id, user_id from public.conversations limit 1)
            insert into public.conversations (tenant_id, user_id, title, labels, created_at, updated_at)
            select one.tenant_id, one.user_id, other.title, string_to_array(other.label, ','), now() - other.age, now() - other.age
            from one, (values
                ('Rename chat_sessions without downtime', '', interval '38 minutes'), ('كيف أغيّر كلمة المرور؟', '', '100 minutes'),
                ('<script>alert(''hello'')</script>', '', '3 hours'), ('Row level security, explained slowly', '', '1 day'),
                ('A note to the people in billing', 'billing', '27 hours'), ('Three days in Lisbon', '', '30 hours'),
                ('Go or Python for a small tool', '', '31 hours'), ('What did I say about backups?', '', '3 days'),
                ('Cursor or offset for a long list', 'postgres', '4 days'), ('Names for a room full of books', '', '5 days'),
                ('Bread without a mixer', '', '6 days'), ('Questions for the interview', '', '20 days'),
                ('Read a flame graph', '', '30 days')) other(title, label, age)""";

    @TempDir
    private Path folder;

    @Test
    void takesThem() throws Exception {
        Files.createDirectories(DOCS);
        try (var page = PageFixture.open(folder, Map.of(), MOUSE)) {
            var browser = page.browser;
            converse(page);
            try (var connection = page.run().database().connect();
                    var statement = connection.createStatement()) {
                statement.execute(OTHERS);
            }
            browser.script("localStorage.setItem('theme', '1')");
            browser.driver.navigate().refresh();
            browser.link("Read a flame graph");
            browser.awaitLog("walks the first index");
            take(browser, "light");
            browser.script("localStorage.setItem('theme', '2')");
            browser.driver.navigate().refresh();
            browser.awaitLog("walks the first index");
            browser.become("Bob");
            browser.awaitText("Nothing here for Bob");
            browser.press("Inspect");
            browser.become("Ada");
            browser.awaitLog("walks the first index");
            browser.become("Bob");
            browser.awaitText("Nothing here for Bob");
            browser.script("document.querySelector('#requests details:has(.code.bad) summary').click()");
            browser.awaitText("No conversations yet.");
            take(browser, "dark");
            browser.become("Ada");
            browser.press("Close");
            browser.size(360, 740);
            browser.driver.navigate().refresh();
            browser.awaitLog("walks the first index");
            take(browser, "narrow");
        }
    }

    private static void converse(PageFixture page) {
        page.model.on(FIRST, talk -> talk.say("""
                Because no index starts with the columns it filters by and ends with the one it sorts by. Give it one that matches the **filter** and the **order**:

                ```sql
                create index concurrently conversations_by_last_message
                  on conversations (tenant_id, user_id, last_message_at desc, id desc);
                ```

                Then `explain (analyze)` says `Index Scan`, and reads a few dozen pages."""));
        page.model.on(SECOND, talk -> talk.say("""
                Then put the labels into an index of their own kind. A `gin` index finds rows by any element of an array, but it cannot give them back in order, so keep both and let the planner choose:

                - few rows with that label: it takes the `gin` index and sorts;
                - many: it walks the first index and skips."""));
        var browser = page.browser;
        browser.say("My list takes 900 ms. Why?");
        browser.script(
                "[...document.querySelectorAll('.acts button')].find(each => each.textContent === 'Edit').click()");
        var box = browser.one(".edit textarea");
        box.clear();
        box.sendKeys(FIRST);
        browser.press("Save and send");
        browser.awaitLog("reads a few dozen pages");
        browser.button("Send");
        browser.send(SECOND);
        browser.awaitLog("walks the first index");
        browser.button("Send");
        browser.type("My list takes 900 ms on", org.openqa.selenium.Keys.F2);
        var title = browser.one(".row input");
        title.sendKeys("Why does my query use a seq scan?", org.openqa.selenium.Keys.ENTER);
        browser.link("Why does my query use a seq scan?");
        browser.message().click();
        assertTrue(browser.all(".fail").isEmpty());
    }

    private static void take(Browser browser, String name) throws IOException {
        browser.script("document.activeElement.blur()");
        browser.driver.findElement(By.cssSelector("body"));
        Files.write(DOCS.resolve(name + ".png"), browser.driver.getScreenshotAs(OutputType.BYTES));
    }
}
