package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** The page where somebody is in a hurry, or two do the same, or nobody answers. */
@Tag("browser")
@Timeout(180)
final class PageTroubleTest {
    @TempDir
    private static Path folder;

    private static PageFixture page;
    private static Browser browser;

    @BeforeAll
    static void open() throws Exception {
        page = PageFixture.open(folder, Map.of());
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

    @AfterEach
    void nothingIsUncaught() {
        assertEquals(
                List.of(),
                browser.consoleErrors().stream()
                        .filter(each -> each.contains("Uncaught"))
                        .toList());
    }

    @Test
    void doesNotStopByTheSecondOfTwoClicksOnSend() throws Exception {
        browser.say("At first");
        var twice = new CountDownLatch(1);
        page.model.on("Twice", talk -> {
            talk.say("It begins");
            twice.await(60, TimeUnit.SECONDS);
            talk.say(" and ends.");
        });
        browser.message().sendKeys("Twice");
        new Actions(browser.driver).doubleClick(browser.button("Send")).perform();
        browser.awaitLog("It begins");
        twice.countDown();
        browser.awaitLog("It begins and ends.");
        browser.assertNothingWentWrong();
    }

    @Test
    void stopsAnAnswerThatWasNotThereYet() {
        var stopped = new CountDownLatch(1);
        page.model.on("At once", talk -> {
            talk.say("It begins");
            stopped.await(60, TimeUnit.SECONDS);
            talk.say(" and ends.");
        });
        browser.go("#new");
        browser.message().sendKeys("At once");
        browser.script("const button = document.querySelector('.composer button'); button.click(); button.click()");
        browser.awaitLog("stopped, kept as it was");
        stopped.countDown();
        assertFalse(browser.log().contains("and ends."));
        browser.assertNothingWentWrong();
    }

    @Test
    void saysWhenSomebodyElseHasRenamedIt() {
        browser.say("By two");
        browser.type("By two", Keys.F2);
        browser.await(
                "the version",
                () -> browser.exchanges().stream().anyMatch(each -> each.url().endsWith("?limit=1")));
        browser.driver.executeAsyncScript("""
                const done = arguments[0]
                const headers = { 'Content-Type': 'application/json' }
                fetch('/local/token', { method: 'POST', headers, body: '{}' }).then(answer => answer.json())
                  .then(({ access_token }) => fetch('/api/conversations/' + location.hash.slice(1), { method: 'PATCH', headers: { ...headers, Authorization: 'Bearer ' + access_token }, body: '{"title": "By the other"}' }))
                  .then(() => done(), done)""");
        browser.one(".row input").sendKeys("By me", Keys.ENTER);
        browser.awaitText("Renamed in another tab. Rename again?");
        assertEquals("By the other", browser.one(".row input").getAttribute("value"));
        assertEquals(
                "note",
                browser.script(
                        "const box = document.querySelector('.row .note').getBoundingClientRect(); return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).className"),
                "the row below does not cover it");
        browser.one(".row input").sendKeys(Keys.chord(Keys.CONTROL, "a"), "By me after all", Keys.ENTER);
        browser.link("By me after all");
    }

    @Test
    void changesNothingInTheListThatTheApiHasNotChanged() {
        for (var title : List.of("Not renamed", "Not archived", "Not deleted")) {
            browser.press("New conversation");
            browser.say(title);
        }
        browser.block("*/api/*");
        browser.type("Not renamed", Keys.F2);
        browser.one(".row input").sendKeys("Renamed later", Keys.ENTER);
        browser.awaitText("The API does not answer.");
        assertEquals("Renamed later", browser.one(".row input").getAttribute("value"));
        browser.type("Not archived", "e");
        browser.type("Not deleted", Keys.DELETE);
        browser.await(
                "its return",
                () -> browser.buttons("Undo").isEmpty() && browser.titles().contains("Not deleted"));
        assertTrue(browser.titles().contains("Not archived"));
        browser.block();
        browser.await("its return", () -> !browser.one("body").getText().contains("The API does not answer."));
        browser.one(".row input").sendKeys(Keys.ENTER);
        browser.link("Renamed later");
        browser.go("");
        assertTrue(browser.titles().containsAll(List.of("Renamed later", "Not archived", "Not deleted")));
    }

    @Test
    void keepsLabelsThatTheApiHasNotTaken() {
        browser.say("To label");
        browser.block("*/api/*");
        browser.type("To label", "l");
        browser.one("dialog input").sendKeys("later", Keys.ENTER);
        browser.awaitText("Not saved. The API does not answer.");
        assertEquals("later", browser.one("dialog input").getAttribute("value"));
        browser.block();
        browser.one("dialog input").sendKeys(Keys.ENTER);
        browser.button("later");
        assertEquals(List.of(), browser.all("dialog"));
    }

    @Test
    void deletesAsTheOneWhoDeletedIt() {
        browser.say("Ada deletes it");
        browser.type("Ada deletes it", Keys.DELETE);
        browser.button("Undo");
        browser.become("Bob");
        browser.await("the deletion", () -> browser.exchanges().stream().anyMatch(each -> each.status() == 204));
        browser.become("Ada");
        browser.go("");
        assertFalse(browser.titles().contains("Ada deletes it"));
    }

    @Test
    void keepsToEachTabItsPerson() {
        var first = browser.driver.getWindowHandle();
        browser.driver.switchTo().newWindow(org.openqa.selenium.WindowType.WINDOW);
        browser.go("");
        browser.become("Bob");
        var second = browser.driver.getWindowHandle();
        browser.driver.switchTo().window(first);
        browser.go("");
        assertTrue(browser.one("#person").getText().contains("Ada"));
        browser.driver.switchTo().window(second);
        browser.go("");
        assertTrue(browser.one("#person").getText().contains("Bob"));
        browser.driver.close();
        browser.driver.switchTo().window(first);
    }
}
