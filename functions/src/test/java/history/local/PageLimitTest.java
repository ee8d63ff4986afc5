package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page where a limit is reached. */
@Tag("browser")
@Timeout(180)
final class PageLimitTest {
    @TempDir
    private static Path folder;

    @Test
    void saysWhenAMessageCanBeSentAgainAndKeepsIt() throws Exception {
        try (var page = PageFixture.open(folder, Map.of("LIMIT_TURNS_PER_MINUTE", "1"))) {
            var browser = page.browser;
            browser.say("The one there may be");
            browser.message().sendKeys("One more", Keys.ENTER);
            browser.awaitText("Limit reached: one turn a minute. Nothing was stored. You can send again in");
            browser.awaitText("Kept; can be sent in");
            assertEquals("One more", browser.message().getAttribute("value"));
        }
    }
}
