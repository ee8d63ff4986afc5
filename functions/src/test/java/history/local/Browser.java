package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The system's Chromium without a window, as somebody uses it: by names and words. Loudly skipped where there is none. */
final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> ARGUMENTS = List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage");

    final ChromeDriver driver;
    private final String url;

    private Browser(ChromeDriver driver, String url) {
        this.driver = driver;
        this.url = url;
    }

    static Browser open(String url, Path profile, String... more) throws IOException {
        var chromium = find("chromium", "chromium-browser", "google-chrome");
        var executable = find("chromedriver");
        if (chromium == null || executable == null) {
            System.err.println(
                    "SKIPPED: there is no Chromium with its chromedriver here, so the page has not been tried.");
            Assumptions.abort("no Chromium");
            throw new IllegalStateException();
        }
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        var options = new ChromeOptions().setBinary(chromium.toString());
        options.addArguments(ARGUMENTS);
        options.addArguments(more);
        options.addArguments("--user-data-dir=" + Files.createDirectories(profile), "--window-size=1280,800");
        options.setCapability("goog:loggingPrefs", logs);
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(executable.toFile())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options), url).afresh();
    }

    private static @Nullable Path find(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** As it was when it was opened, with nothing kept of what was done since, and no other tab that goes on asking. */
    Browser afresh() {
        var tabs = List.copyOf(driver.getWindowHandles());
        tabs.stream().skip(1).forEach(tab -> driver.switchTo().window(tab).close());
        driver.switchTo().window(tabs.getFirst());
        // Which is no storage type of the command below; a page that is none of ours has no session.
        driver.executeScript("try { sessionStorage.clear() } catch { }");
        size(1280, 800);
        driver.executeCdpCommand("Storage.clearDataForOrigin", Map.of("origin", url, "storageTypes", "all"));
        go("");
        exchanges();
        consoleErrors();
        return this;
    }

    void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Loads the page anew, at this place. */
    void go(String place) {
        driver.get("about:blank");
        driver.get(url + "/" + place);
        await("the list", () -> !all("#list .row, #below .none").isEmpty());
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    WebElement one(String css) {
        return await(
                css,
                () -> all(css).stream()
                        .filter(WebElement::isDisplayed)
                        .findFirst()
                        .orElse(null));
    }

    /** By the name that everybody's tools see; the last one where there are several. */
    WebElement button(String name) {
        return await(
                "button " + name,
                () -> buttons(name).stream().reduce((earlier, later) -> later).orElse(null));
    }

    List<WebElement> buttons(String name) {
        var xpath = "//button[normalize-space(.)=%1$s or @aria-label=%1$s]".formatted("\"" + name + "\"");
        return driver.findElements(By.xpath(xpath)).stream()
                .filter(WebElement::isDisplayed)
                .toList();
    }

    void click(String css) {
        await("clicking " + css, () -> {
            one(css).click();
            return true;
        });
    }

    void press(String name) {
        await("pressing " + name, () -> {
            button(name).click();
            return true;
        });
    }

    WebElement message() {
        return one("#message");
    }

    /** Types and sends. */
    void send(String text) {
        message().sendKeys(text);
        message().sendKeys(Keys.ENTER);
    }

    void say(String text) {
        send(text);
        awaitLog("Answer to: " + text);
        await("the end of the answer", () -> !buttons("Send").isEmpty());
    }

    String log() {
        return String.valueOf(script("return document.querySelector('[role=log]')?.innerText ?? ''"));
    }

    void awaitLog(String text) {
        await("“" + text + "” in the log", () -> log().contains(text));
    }

    void awaitText(String text) {
        await(
                "“" + text + "” on the page",
                () -> String.valueOf(script("return document.body.innerText")).contains(text));
    }

    List<String> titles() {
        return strings("return [...document.querySelectorAll('#rows .row a')].map(a => a.textContent)");
    }

    /** A conversation of the list. */
    WebElement link(String title) {
        return await(
                "row " + title,
                () -> all("#rows .row a").stream()
                        .filter(link -> link.getText().equals(title))
                        .findFirst()
                        .orElse(null));
    }

    /** Keys for it, when the list has the focus there. */
    void type(String title, CharSequence... keys) {
        await("typing at " + title, () -> {
            link(title).sendKeys(keys);
            return true;
        });
    }

    void open(String title) {
        await("the title " + title, () -> {
            link(title).click();
            return one("#head h2").getText().equals(title);
        });
    }

    /** Somebody of the panel. */
    void become(String name) {
        click("#person");
        one(".pop li button").isDisplayed();
        all(".pop li button").stream()
                .filter(each -> each.getText().contains(name))
                .findFirst()
                .orElseThrow()
                .click();
        await(name, () -> one("#person").getText().contains(name));
    }

    @Nullable
    Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    List<String> strings(String script) {
        return ((List<?>) Objects.requireNonNull(script(script)))
                .stream().map(String::valueOf).toList();
    }

    <T> T await(String what, Supplier<@Nullable T> look) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        RuntimeException last = null;
        while (System.nanoTime() < end) {
            try {
                var found = look.get();
                if (found != null && !Boolean.FALSE.equals(found)) {
                    return found;
                }
            } catch (StaleElementReferenceException | org.openqa.selenium.ElementNotInteractableException e) {
                last = e;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
        throw new AssertionError(
                "Waited in vain for " + what + "; the page says:\n" + script("return document.body.innerText"), last);
    }

    /** A request that was answered, or failed with status 0. */
    record Exchange(String method, String url, int status) {
        boolean failed() {
            return status == 0 || status >= 400;
        }
    }

    /** Since it was asked last. */
    List<Exchange> exchanges() {
        var methods = new HashMap<String, JsonNode>();
        var exchanges = new ArrayList<Exchange>();
        for (var entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            var message = json(entry.getMessage()).path("message");
            var parameters = message.path("params");
            var id = parameters.path("requestId").asText();
            var request = methods.get(id);
            switch (message.path("method").asText()) {
                case "Network.requestWillBeSent" -> methods.put(id, parameters.path("request"));
                case "Network.responseReceived" ->
                    exchanges.add(new Exchange(
                            request == null ? "" : request.path("method").asText(),
                            parameters.at("/response/url").asText(),
                            parameters.at("/response/status").asInt()));
                case "Network.loadingFailed" -> {
                    if (!parameters.path("canceled").asBoolean() && request != null) {
                        exchanges.add(new Exchange(
                                request.path("method").asText(),
                                request.path("url").asText(),
                                0));
                    }
                }
                default -> {}
            }
        }
        return exchanges;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** No failed request, no error on the console, no request to another host. */
    void assertNothingWentWrong() {
        var exchanges = exchanges();
        assertEquals(List.of(), exchanges.stream().filter(Exchange::failed).toList());
        assertEquals(
                List.of(),
                exchanges.stream()
                        .map(Exchange::url)
                        .filter(each -> each.startsWith("http") && !each.startsWith(url))
                        .toList());
        assertEquals(List.of(), consoleErrors());
    }

    List<String> consoleErrors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(entry -> entry.getMessage())
                .toList();
    }

    void offline(boolean offline) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.emulateNetworkConditions",
                Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    /** The page sends nothing of its own accord, and what is under way is answered; false: it goes on. */
    void rest(boolean resting) {
        script(
                resting
                        ? "Object.defineProperty(navigator, 'onLine', { value: false, configurable: true })"
                        : "delete navigator.onLine");
    }

    /** Requests to these addresses get no answer; none: all do again. */
    void block(String... urls) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of(urls)));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
