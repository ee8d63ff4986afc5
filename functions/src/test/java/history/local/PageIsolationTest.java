package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** The page between people, and between the page and what a model or a user makes of it. */
@Tag("browser")
@Timeout(180)
final class PageIsolationTest {
    private static final String SCRIPT = "<script>window.ran = 1</script>";
    private static final String IMAGE = "<img src=x onerror=\"window.ran = 1\">";

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

    @Test
    void showsThatBobSeesNothingOfAda() {
        browser.say("Only of Ada");
        var place = String.valueOf(browser.script("return location.hash"));
        var blue = browser.script("return getComputedStyle(document.querySelector('.face')).backgroundColor");
        browser.become("Bob");
        browser.awaitText("Nothing here for Bob");
        browser.awaitText("No conversations yet.");
        assertEquals(place, browser.script("return location.hash"));
        var green = browser.script("return getComputedStyle(document.querySelector('.face')).backgroundColor");
        assertTrue(!String.valueOf(blue).equals(green), "each tenant has a colour of its own");
        browser.press("New conversation");
        browser.say("Only of Bob");
        browser.go(place);
        browser.awaitText("There is no such conversation.");

        browser.become("Admin");
        browser.awaitLog("Answer to: Only of Ada");
        browser.awaitText("Ada’s conversation. An admin of demo reads it; only Ada writes in it.");
        assertTrue(browser.all("#message").isEmpty());
        assertTrue(browser.buttons("Edit").isEmpty());
        assertTrue(!browser.titles().contains("Only of Bob"));
        assertEquals(List.of(), browser.all(".row.leak"));

        browser.press("Inspect");
        var codes = browser.await("both answers for one address", () -> {
            var lines = browser.all("#requests summary").stream()
                    .filter(line -> String.valueOf(
                                    line.findElement(By.cssSelector(".path")).getAttribute("title"))
                            .contains(place.substring(1)))
                    .map(line -> line.findElement(By.cssSelector(".mini")).getText()
                            + line.findElement(By.cssSelector(".code")).getText())
                    .distinct()
                    .toList();
            return lines.size() == 2 ? lines : null;
        });
        assertEquals(List.of("A200", "B404"), codes);
    }

    @Test
    void neverRunsWhatSomebodySays() throws Exception {
        var half = new CountDownLatch(1);
        page.model.on(SCRIPT, talk -> {
            talk.say("Here: <scr");
            half.await(60, TimeUnit.SECONDS);
            talk.say("ipt>window.ran = 1</scr", "ipt> and ", IMAGE, "\n\n[link](javascript:window.ran=1) ");
            talk.say(
                    "![picture](https://example.com/spy.png)\n\n", "<iframe src=\"https://example.com\"></iframe>\n\n");
            talk.say(
                    "```html\n",
                    SCRIPT,
                    "\n```\n\n<a href=\"https://example.com\" onclick=\"window.ran = 1\">x</a>\n\nThe end.");
        });
        browser.send(SCRIPT);
        browser.awaitLog("Here: <scr");
        half.countDown();
        browser.awaitLog("The end.");
        browser.button("Send");
        browser.awaitLog("Here: " + SCRIPT + " and " + IMAGE);
        browser.link(SCRIPT).click();
        browser.driver.navigate().refresh();
        browser.awaitLog("The end.");
        assertEquals(SCRIPT, browser.one("#head h2").getText());
        assertEquals(null, browser.script("return window.ran ?? null"));
        assertEquals(
                List.of(),
                browser.strings(
                        "return [...document.querySelectorAll('[role=log] :is(script, img, iframe, object, form[action], [onclick], [onerror], a[href^=javascript])')].map(each => each.outerHTML)"));
        browser.assertNothingWentWrong();
    }

    @Test
    void keepsTypingWhileALongAnswerArrives() throws Exception {
        var paragraph = "Some **words** of a long answer, with `code` and a [link](https://example.com).\n\n";
        page.model.on("Much", talk -> {
            talk.say("```\n");
            for (var i = 0; i < 500; i++) {
                talk.say(
                        "a line of code that is a hundred characters long, or nearly so, as they are in a file of many lines\n");
            }
            talk.say("```\n\n");
            for (var i = 0; i < 600; i++) {
                talk.say(paragraph);
            }
            talk.say("The end.");
        });
        browser.script("""
                window.slowest = 0
                new PerformanceObserver(list => { for (const each of list.getEntries()) window.slowest = Math.max(window.slowest, each.duration) }).observe({ type: 'event', durationThreshold: 16 })""");
        browser.send("Much");
        browser.message().sendKeys("typed while it was written");
        browser.awaitLog("The end.");
        browser.button("Send");
        assertEquals("typed while it was written", browser.message().getAttribute("value"));
        System.out.printf(
                "While 100,000 characters arrived the slowest key took %s ms.%n",
                browser.script("return window.slowest"));
        browser.message().clear();
        browser.assertNothingWentWrong();
    }

    @Test
    void showsFiveThousandConversationsAndAsksOncePerPoll() throws Exception {
        browser.say("The newest");
        try (var connection = page.run().database().connect();
                var statement = connection.createStatement()) {
            statement.execute("""
                    insert into public.conversations (tenant_id, user_id, title, created_at, updated_at)
                    select tenant_id, user_id, 'Conversation ' || n, now() - n * interval '1 hour', now() - n * interval '1 hour'
                    from public.conversations, generate_series(1, 5000) n where title = 'The newest'""");
            // As autovacuum does within a minute: plans were made for a table of a few rows.
            statement.execute("analyze public.conversations");
        }
        browser.go("#new");
        var began =
                "return Math.round(performance.getEntriesByType('resource').filter(each => each.name.includes('/api/conversations?')).at(0).responseEnd)";
        System.out.printf("The sidebar of 5,000 conversations was there after %s ms.%n", browser.script(began));
        assertEquals(200, browser.titles().size());
        browser.press("Show 200 more");
        browser.await("400 rows", () -> browser.titles().size() == 400);
        browser.open("Conversation 350");

        browser.open("The newest");
        browser.awaitLog("Answer to: The newest");
        rest();
        browser.exchanges();
        var before = lookUps();
        var polls = new ArrayList<Browser.Exchange>();
        browser.rest(false);
        browser.await("6 polls", () -> {
            polls.addAll(browser.exchanges());
            return polls.size() >= 6;
        });
        rest();
        polls.addAll(browser.exchanges());
        var after = lookUps();
        assertEquals(
                Set.of("304 " + page.run().url() + "/api/conversations?limit=200"),
                polls.stream().map(each -> each.status() + " " + each.url()).collect(Collectors.toSet()));
        System.out.printf(
                "%d polls of an idle page: %d look-ups of a page of 200.%n",
                polls.size(), after.ofConversations() - before.ofConversations());
        assertEquals(
                new LookUps(before.ofConversations() + polls.size(), before.scans(), before.ofMessages()),
                after,
                "a poll of an idle page reads one index of the conversations, no whole table and no message");
    }

    /** Until the server has told all that it counted: a process that is idle does so within ten seconds. */
    private static void rest() throws InterruptedException {
        browser.rest(true);
        Thread.sleep(12_000);
    }

    /** What PostgreSQL has counted: scans of an index of the conversations, and of their whole table, and any of the messages. */
    private record LookUps(long ofConversations, long scans, long ofMessages) {}

    private static LookUps lookUps() throws Exception {
        try (var connection = page.run().database().connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("""
                        select c.idx_scan, c.seq_scan, m.seq_scan + m.idx_scan
                        from pg_stat_user_tables c, pg_stat_user_tables m
                        where c.relid = 'public.conversations'::regclass and m.relid = 'public.messages'::regclass""")) {
            row.next();
            return new LookUps(row.getLong(1), row.getLong(2), row.getLong(3));
        }
    }

    @Test
    void showsThePartsOfAllMessagesOfALongConversation() throws Exception {
        browser.say("A long one");
        try (var connection = page.run().database().connect();
                var statement = connection.createStatement()) {
            statement.execute("""
                    insert into public.messages (tenant_id, conversation_id, user_id, seq, role, content, parts)
                    select tenant_id, id, user_id, n, case n % 2 when 1 then 'user' else 'assistant' end, 'Text ' || n,
                        case n when 30 then '[{"type": "tool-weather", "toolCallId": "1", "state": "output-available", "input": {}, "output": {}}]'::jsonb end
                    from public.conversations, generate_series(3, 300) n where title = 'A long one'""");
        }
        browser.driver.navigate().refresh();
        browser.awaitLog("Text 300");
        assertEquals(200, browser.all(".msg").size());
        browser.press("Show earlier messages");
        browser.await("all of them", () -> browser.all(".msg").size() == 300);
        assertEquals(1, browser.all("details.tool").size());
        browser.assertNothingWentWrong();
    }

    @Test
    void showsPicturesAndTheCallsOfTools() throws Exception {
        browser.go("#new");
        browser.driver.executeAsyncScript("""
                const done = arguments[0]
                const headers = { 'Content-Type': 'application/json' }
                const file = { type: 'file', mediaType: 'image/gif', filename: 'dot.gif', url: 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=' }
                const elsewhere = { type: 'file', mediaType: 'image/png', filename: 'far.png', url: 'https://example.com/far.png' }
                const message = { id: 'pictures', role: 'user', parts: [{ type: 'text', text: 'Look at these' }, file, elsewhere] }
                fetch('/local/token', { method: 'POST', headers, body: '{}' }).then(answer => answer.json())
                  .then(({ access_token }) => fetch('/api/chat', { method: 'POST', headers: { ...headers, Authorization: 'Bearer ' + access_token }, body: JSON.stringify({ id: 'pictures', message }) }))
                  .then(answer => answer.text()).then(done, done)""");
        try (var connection = page.run().database().connect();
                var statement = connection.createStatement()) {
            statement.execute("""
                    update public.messages m set parts = jsonb_build_array(
                        '{"type": "tool-weather", "toolCallId": "1", "state": "output-available", "input": {"city": "Paris"}, "output": {"sky": "clear"}}'::jsonb,
                        jsonb_build_object('type', 'text', 'text', m.content))
                    from public.conversations c
                    where c.id = m.conversation_id and c.title = 'Look at these' and m.role = 'assistant'""");
        }
        browser.open("Look at these");
        browser.awaitLog("Answer to:");
        assertEquals(
                1L,
                browser.await(
                        "the picture",
                        () -> browser.script("return document.querySelector('figure img')?.naturalWidth || null")));
        assertEquals(1, browser.all("figure img").size(), "a picture of another host is not asked for");
        browser.awaitLog("far.png");
        browser.awaitLog("weather");
        browser.click("details.tool summary");
        browser.awaitLog("{\"sky\":\"clear\"}");
        browser.assertNothingWentWrong();
    }
}
