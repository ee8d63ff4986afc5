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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WindowType;

/** The page as one person uses it, in one tab or two. */
@Tag("browser")
@Timeout(180)
final class PageTest {
    @TempDir
    private static Path folder;

    private static PageFixture page;
    private static TalkingModel model;
    private static Browser browser;

    @BeforeAll
    static void open() throws Exception {
        page = PageFixture.open(folder, Map.of());
        model = page.model;
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

    /** The guide's seven steps. */
    @Test
    void keepsConversationsAsTheGuideSays() throws Exception {
        browser.say("Where is my first order today, please");
        browser.say("And the second one");
        browser.press("New conversation");
        browser.say("Bread without a mixer");
        var bread = browser.script("return location.hash");
        browser.driver.navigate().refresh();
        browser.awaitLog("Answer to: Bread without a mixer");
        assertEquals(bread, browser.script("return location.hash"));
        assertEquals(
                List.of("Bread without a mixer", "Where is my first order today,"),
                browser.titles().subList(0, 2));
        browser.open("Where is my first order today,");
        browser.awaitLog("Answer to: And the second one");
        assertFalse(browser.log().contains("Bread"));
        browser.driver.navigate().back();
        browser.awaitLog("Answer to: Bread without a mixer");
        browser.assertNothingWentWrong();
    }

    @Test
    void hasTheNamesThatToolsLookFor() {
        assertEquals("Message", browser.message().getAccessibleName());
        assertEquals("textbox", browser.message().getAriaRole());
        browser.say("Names");
        browser.button("Send");
        browser.button("New conversation");
        browser.button("Regenerate");
        browser.button("Edit");
        var list = browser.one("#rows");
        assertEquals("list", list.getAriaRole());
        assertEquals("Conversations", list.getAccessibleName());
        for (var item : list.findElements(By.cssSelector("li"))) {
            assertEquals(1, item.findElements(By.cssSelector("a")).size());
        }
        assertEquals("Names", browser.link("Names").getAccessibleName());
        assertEquals("Messages", browser.one("[role=log]").getAccessibleName());
    }

    @Test
    void stopsAnAnswerAndKeepsWhatHasArrived() throws Exception {
        var held = new CountDownLatch(1);
        model.on("Count", talk -> {
            talk.say("One ", "two ");
            held.await(60, TimeUnit.SECONDS);
            talk.say("three");
        });
        browser.send("Count");
        browser.awaitLog("One two");
        browser.message().sendKeys("typed meanwhile");
        browser.press("Stop");
        browser.awaitLog("stopped, kept as it was");
        held.countDown();
        assertEquals("typed meanwhile", browser.message().getAttribute("value"));
        assertFalse(browser.log().contains("three"));
        browser.assertNothingWentWrong();
    }

    @Test
    void goesOnWithAnAnswerAfterAReload() throws Exception {
        var reloaded = new CountDownLatch(1);
        model.on("A long one", talk -> {
            talk.say("It begins");
            reloaded.await(60, TimeUnit.SECONDS);
            talk.say(" and ends.");
        });
        browser.send("A long one");
        browser.awaitLog("It begins");
        browser.driver.navigate().refresh();
        browser.awaitLog("It begins");
        browser.button("Stop");
        reloaded.countDown();
        browser.awaitLog("It begins and ends.");
        browser.button("Send");
        assertEquals(1, browser.log().split("It begins", -1).length - 1);
        browser.assertNothingWentWrong();
    }

    @Test
    void editsAnyQuestionAndShowsWhatWasThereBefore() throws Exception {
        browser.say("First question");
        browser.say("Second question");
        browser.all(".msg.user")
                .getFirst()
                .findElement(By.xpath(".//button[.='Edit']"))
                .click();
        var box = browser.one(".edit textarea");
        assertEquals("Edit message 1", box.getAccessibleName());
        box.sendKeys(", edited");
        browser.press("Save and send");
        browser.awaitLog("Answer to: First question, edited");
        browser.awaitLog("2 of 2");
        assertFalse(browser.log().contains("Second question"));
        browser.press("Earlier version");
        browser.awaitLog("Answer to: Second question");
        browser.press("Later version");
        browser.awaitLog("Answer to: First question, edited");
        browser.press("Regenerate");
        browser.await("two answers", () -> browser.buttons("Earlier version").size() == 2);
        browser.assertNothingWentWrong();
    }

    @Test
    void saysThatAnAnswerFailedAndTriesAgain() throws Exception {
        model.on("Break", talk -> talk.refuse(500));
        browser.send("Break");
        browser.awaitLog("No answer.");
        browser.awaitLog("Your message is stored");
        assertEquals(1, browser.log().split("is stored", -1).length - 1);
        model.on("Break", talk -> talk.refuse(429));
        browser.press("Try again");
        browser.awaitLog("The model is busy. Your message is stored; send it again in 5 s to get an answer.");
        model.on("Break", talk -> talk.say("Mended"));
        browser.press("Try again");
        browser.awaitLog("Mended");
        assertFalse(browser.log().contains("No answer."));
        assertEquals(1, browser.all(".msg.user").size());
        browser.assertNothingWentWrong();
    }

    @Test
    void renamesLabelsArchivesAndDeletesByTheKeyboard() throws Exception {
        for (var title : List.of("To rename", "To archive", "To delete")) {
            browser.press("New conversation");
            browser.say(title);
        }
        browser.type("To rename", Keys.F2);
        browser.one(".row input").sendKeys("Renamed", Keys.ENTER);
        browser.type("Renamed", "l");
        browser.one("dialog input").sendKeys("order, urgent", Keys.ENTER);
        browser.button("urgent");
        browser.type("To archive", "e");
        browser.press("Undo");
        browser.await(
                "its return",
                () -> browser.buttons("Undo").isEmpty() && browser.titles().contains("To archive"));
        browser.type("To delete", Keys.DELETE);
        browser.button("Undo");
        browser.await("it is gone", () -> !browser.titles().contains("To delete"));
        browser.assertNothingWentWrong();
        browser.go("");
        assertFalse(browser.titles().contains("To delete"));
        browser.one("#filter").sendKeys("urgent");
        browser.await("one row", () -> browser.titles().equals(List.of("Renamed")));
    }

    @Test
    void keepsTwoTabsInStep() throws Exception {
        browser.say("In both tabs");
        var place = String.valueOf(browser.script("return location.hash"));
        var first = browser.driver.getWindowHandle();
        browser.driver.switchTo().newWindow(WindowType.WINDOW);
        browser.go(place);
        browser.awaitLog("Answer to: In both tabs");
        var second = browser.driver.getWindowHandle();

        browser.driver.switchTo().window(first);
        browser.say("From the first");
        var said = System.nanoTime();
        browser.driver.switchTo().window(second);
        browser.awaitLog("Answer to: From the first");
        System.out.printf("A change was seen in the other tab after %d ms.%n", (System.nanoTime() - said) / 1_000_000);

        browser.message().sendKeys("A draft");
        browser.driver.switchTo().window(first);
        browser.type("In both tabs", Keys.DELETE);
        browser.await("it is gone", () -> !browser.titles().contains("In both tabs"));
        browser.driver.switchTo().window(second);
        browser.awaitText("This conversation was deleted in another tab. Your draft is kept.");
        browser.press("Send it as a new conversation");
        browser.awaitLog("Answer to: A draft");
    }

    @Test
    void comesBackWhenTheServerDoes() throws Exception {
        browser.say("Before the restart");
        page.stopServer();
        browser.awaitText("The API does not answer.");
        browser.message().sendKeys("Kept");
        page.startServer();
        browser.await("its return", () -> !browser.one("body").getText().contains("The API does not answer."));
        assertEquals("Kept", browser.message().getAttribute("value"));
        browser.message().clear();
        browser.say("After the restart");
    }

    @Test
    void keepsWhatIsTypedWhileOfflineAndSaysSo() {
        browser.offline(true);
        browser.awaitText("You are offline. What you write is kept; send it when you are back.");
        browser.message().sendKeys("Written offline", Keys.ENTER);
        assertEquals("Written offline", browser.message().getAttribute("value"));
        browser.offline(false);
        browser.await("being back", () -> !browser.one("body").getText().contains("You are offline."));
        browser.message().sendKeys(Keys.ENTER);
        browser.awaitLog("Answer to: Written offline");
    }

    @Test
    void refusesAMessageThatIsTooLongBeforeItIsSent() throws Exception {
        browser.script("""
                const box = document.querySelector('#message')
                box.value = 'a'.repeat(100_003)
                box.dispatchEvent(new Event('input'))""");
        browser.awaitText("3 characters too long. A message has at most 100,000.");
        browser.message().sendKeys(Keys.ENTER);
        assertEquals("true", browser.button("Send").getAttribute("aria-disabled"));
        browser.script(
                "const box = document.querySelector('#message'); box.value = ''; box.dispatchEvent(new Event('input'))");
        assertTrue(browser.exchanges().stream().noneMatch(each -> each.url().endsWith("/api/chat")));
    }

    @Test
    void asksForANewTokenAndLosesNothing() throws Exception {
        browser.say("With the old token");
        page.stopServer();
        page.forgetKey();
        page.startServer();
        browser.awaitText("Ada’s token has expired. Nothing you typed is lost.");
        browser.message().sendKeys("Kept");
        browser.press("Get a new token");
        browser.await(
                "the end of the notice", () -> !browser.one("body").getText().contains("has expired"));
        assertEquals("Kept", browser.message().getAttribute("value"));
        browser.message().clear();
        browser.say("With a new token");
    }
}
