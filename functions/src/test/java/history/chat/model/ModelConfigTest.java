package history.chat.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Configured;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelConfigTest {

    @Test
    void echoNeedsNothingAndTheRestHasDefaults() {
        var config = Configured.read(
                Map.of("CHAT_PROVIDER", "echo", "CHAT_API_KEY", "", "CHAT_BASE_URL", " "), ModelConfig::from);
        assertEquals(
                new ModelConfig(
                        ModelConfig.Provider.ECHO,
                        "echo",
                        Set.of("echo"),
                        null,
                        null,
                        null,
                        4096,
                        Duration.ofSeconds(60),
                        50,
                        100_000),
                config);
    }

    @Test
    void readsEveryVariable() {
        var config = Configured.read(
                Map.of(
                        "CHAT_PROVIDER", "openai",
                        "CHAT_MODEL", "gpt-example",
                        "CHAT_ALLOWED_MODELS", "gpt-small, gpt-large,",
                        "CHAT_BASE_URL", "https://models.example.com/v1/",
                        "CHAT_API_KEY", "key",
                        "CHAT_SYSTEM_PROMPT", "Be brief.",
                        "CHAT_MAX_TOKENS", "100",
                        "CHAT_TIMEOUT_SECONDS", "25",
                        "CHAT_HISTORY_MESSAGES", "10",
                        "CHAT_HISTORY_CHARACTERS", "5000"),
                ModelConfig::from);
        assertEquals(
                new ModelConfig(
                        ModelConfig.Provider.OPENAI,
                        "gpt-example",
                        Set.of("gpt-example", "gpt-small", "gpt-large"),
                        URI.create("https://models.example.com/v1"),
                        config.apiKey(),
                        "Be brief.",
                        100,
                        Duration.ofSeconds(25),
                        10,
                        5000),
                config);
        assertEquals("key", config.key());
        assertTrue(config.allows("gpt-small") && config.allows("gpt-example"));
        assertFalse(config.allows("gpt") || config.allows(""));
        assertFalse(config.toString().contains("key"));
    }

    @Test
    void takesEveryLimitAndNothingBeyondIt() throws Exception {
        var readme = Files.readString(Path.of("../README.md"));
        var limits = Map.of(
                "CHAT_MAX_TOKENS", List.of(1, 1_000_000),
                "CHAT_TIMEOUT_SECONDS", List.of(1, 900),
                "CHAT_HISTORY_MESSAGES", List.of(1, 1000),
                "CHAT_HISTORY_CHARACTERS", List.of(1000, 2_000_000));
        limits.forEach((name, range) -> {
            var said = range.getFirst() + " to " + range.getLast() + " |\n";
            assertTrue(
                    readme.lines().anyMatch(line -> line.startsWith("| `" + name) && (line + "\n").contains(said)),
                    name);
            range.forEach(value -> Configured.read(with(name, value.toString()), ModelConfig::from));
            for (var wrong :
                    List.of(range.getFirst() - 1 + "", range.getLast() + 1 + "", "many", "1e3", "99999999999")) {
                var message = refusal(with(name, wrong));
                assertTrue(
                        message.startsWith(name)
                                && message.contains(range.getLast().toString()),
                        message);
            }
        });
    }

    @Test
    void namesTheProvidersThatExist() {
        assertTrue(refusal(Map.of()).contains("anthropic, bedrock, echo, openai"));
        var message = refusal(Map.of("CHAT_PROVIDER", "gpt"));
        assertTrue(message.startsWith("CHAT_PROVIDER") && message.endsWith(": gpt"), message);
        refusal(Map.of("CHAT_PROVIDER", "Echo"));
    }

    @Test
    void aRealProviderNeedsAModelAndItsOwnServerAKey() {
        assertTrue(refusal(Map.of("CHAT_PROVIDER", "openai", "CHAT_API_KEY", "key"))
                .startsWith("CHAT_MODEL"));
        for (var provider : List.of("openai", "anthropic")) {
            var message = refusal(Map.of("CHAT_PROVIDER", provider, "CHAT_MODEL", "m"));
            assertTrue(message.startsWith("CHAT_API_KEY"), message);
            assertNull(Configured.read(
                            Map.of(
                                    "CHAT_PROVIDER",
                                    provider,
                                    "CHAT_MODEL",
                                    "m",
                                    "CHAT_BASE_URL",
                                    "http://localhost:11434/v1"),
                            ModelConfig::from)
                    .apiKey());
        }
        assertNull(Configured.read(Map.of("CHAT_PROVIDER", "bedrock", "CHAT_MODEL", "m"), ModelConfig::from)
                .apiKey());
    }

    @Test
    void refusesWhatIsNoAddressWithoutRepeatingAPasswordInIt() {
        for (var address : List.of(
                "models.example.com",
                "ftp://example.com",
                "https://",
                "https://ada:secret@example.com",
                "https://example.com/#secret",
                "https://example.com/v1?key=secret",
                "http://127.0.0.1:99999/secret",
                "http://127.0.0.1:0/secret",
                "https://exa mple.com/secret")) {
            var message = refusal(with("CHAT_BASE_URL", address));
            assertTrue(message.startsWith("CHAT_BASE_URL") && !message.contains("secret"), message);
        }
    }

    @Test
    void refusesAKeyThatCannotBeAHeader() {
        var message = refusal(with("CHAT_API_KEY", "secret\nkey"));
        assertTrue(message.startsWith("CHAT_API_KEY") && !message.contains("secret"), message);
    }

    @Test
    void knowsTheWarmestThatAProvidersModelsMayBe() {
        var warmest = Map.of("echo", 2.0, "openai", 2.0, "anthropic", 1.0, "bedrock", 1.0);
        warmest.forEach((provider, most) -> assertEquals(
                most,
                Configured.read(
                                Map.of("CHAT_PROVIDER", provider, "CHAT_MODEL", "m", "CHAT_API_KEY", "k"),
                                ModelConfig::from)
                        .provider()
                        .maxTemperature()));
    }

    private static Map<String, String> with(String name, String value) {
        var environment = new HashMap<>(Map.of("CHAT_PROVIDER", "openai", "CHAT_MODEL", "m", "CHAT_API_KEY", "k"));
        environment.put(name, value);
        return environment;
    }

    private static String refusal(Map<String, String> environment) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> Configured.read(environment, ModelConfig::from))
                        .getMessage());
    }
}
