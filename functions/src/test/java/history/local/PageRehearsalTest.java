package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page beside a rehearsal: the migration watched on both sides, and what axe-core and the window's width say of all states. */
@Tag("browser")
@Timeout(180)
final class PageRehearsalTest {
    @TempDir
    private static Path folder;

    private static PageFixture page;
    private static Browser browser;

    @BeforeAll
    static void open() throws Exception {
        page = PageFixture.open(folder, Map.of("LOCAL_REHEARSE", "true"));
        browser = page.browser;
    }

    @AfterAll
    static void close() {
        page.close();
    }

    @BeforeEach
    void afresh() {
        browser.afresh();
    }

    @Test
    void watchesTheMigrationPhaseByPhase() {
        browser.go("#migration");
        browser.awaitText("Roles and functions are there. No table has changed yet.");
        browser.awaitText("Not a row yet, read from the array");
        browser.go("#new");
        browser.say("Before the migration");
        browser.type("Before the migration", "e");
        browser.awaitText("This works after the migration.");
        browser.press("See the migration");
        browser.exchanges();
        browser.script("arguments[0].click(); arguments[0].click()", browser.button("Migrate"));
        browser.awaitText("Verified: every array can be rebuilt from its rows.");
        browser.await("no array left", () -> !browser.one(".both").getText().contains("Not a row yet"));
        assertEquals(
                1,
                browser.exchanges().stream()
                        .filter(each -> each.url().endsWith("/local/migration"))
                        .count());
        browser.press("Verify");
        browser.await("the report", () -> browser.one(".report").getText().contains("verify"));
        browser.press("Roll back");
        browser.awaitText("No table has changed yet.");
        browser.press("Migrate");
        browser.press("Complete…");
        browser.one("dialog input").sendKeys(browser.one("dialog label code").getText());
        browser.press("Complete");
        browser.awaitText("Done. The old application’s table is gone; there is no way back.");
        browser.awaitText("No longer there");
        browser.awaitText("arrays written by the old application\n0 failed");
        browser.press("Start over");
        browser.awaitText("No table has changed yet.");
        browser.awaitText("Not a row yet, read from the array");
        browser.go("#new");
        browser.say("After the start");
    }

    @ParameterizedTest
    @CsvSource({"light, 1280", "dark, 1280", "light, 320", "dark, 320"})
    void hasNoViolations(String theme, int width) throws Exception {
        var text = "Show it in " + theme + " at " + width;
        page.model.on(
                text,
                talk -> talk.say(
                        "# Heading\n\nSome `code`, a [link](https://example.com) and\n\n```sql\nselect 1\n```\n\n> a quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n1. one\n"));
        var checked = new CountDownLatch(1);
        page.model.on("Wait in " + theme + width, talk -> {
            talk.say("It begins");
            checked.await();
        });
        browser.size(width, 800);
        browser.script("localStorage.setItem('theme', arguments[0])", theme.equals("light") ? "1" : "2");
        browser.go("");
        check("list");
        browser.click("#person");
        check("person");
        browser.click("#person");
        browser.go("#new");
        check("new conversation");
        browser.send(text);
        browser.awaitLog("a quote");
        browser.button("Send");
        check("conversation");
        browser.press("Edit");
        check("edit");
        browser.press("Cancel");
        browser.press("Options for this conversation");
        check("options");
        browser.press("Options for this conversation");
        browser.send("Wait in " + theme + width);
        browser.awaitLog("It begins");
        check("answer being written");
        checked.countDown();
        browser.button("Send");
        browser.press("Inspect");
        browser.click("#requests summary");
        check("inspect");
        browser.go("#00000000-0000-4000-8000-000000000000");
        check("not found");
        browser.go("#migration");
        browser.awaitText("One session, both sides");
        check("migration");
        if (width > 320) {
            browser.press("Keyboard");
            check("keyboard");
        }
    }

    private static void check(String state) throws Exception {
        if (browser.script("return window.axe?.version") == null) {
            try (var axe = Objects.requireNonNull(PageRehearsalTest.class.getResourceAsStream("/axe.min.js"))) {
                browser.script(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        var found = browser.driver.executeAsyncScript("""
                const done = arguments[0]
                document.getAnimations().forEach(each => each.finish?.call && each.effect.getTiming().iterations !== Infinity && each.finish())
                axe.run(document, { resultTypes: ['violations'] }).then(result => done(result.violations.flatMap(each => each.nodes.map(node => each.id + ': ' + node.html.slice(0, 200) + ' ' + node.any.map(check => check.message).join()))), error => done(['axe: ' + error]))""");
        assertEquals(List.of(), found, state);
        assertTrue(
                Boolean.TRUE.equals(browser.script("return document.documentElement.scrollWidth <= innerWidth")),
                "nothing is wider than the window: " + state);
    }
}
