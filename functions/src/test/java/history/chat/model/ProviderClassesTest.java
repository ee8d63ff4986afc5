package history.chat.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Configured;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A cold start pays for the classes that are loaded: only those of the chosen provider may be. */
class ProviderClassesTest {
    private static final Set<String> OF_PROVIDERS = Set.of(
            "history.chat.model.EchoModel",
            "history.chat.model.RemoteModel",
            "history.chat.model.OpenAiProtocol",
            "history.chat.model.AnthropicProtocol",
            "history.chat.model.BedrockProtocol",
            "history.access.Role",
            "software.amazon.eventstream.MessageDecoder",
            "software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner");

    /** Makes the model of its own environment, as a function's constructor does. */
    static final class Start {
        public static void main(String[] arguments) {
            Configured.read(System.getenv(), variables -> Models.from(ModelConfig.from(variables), variables));
        }
    }

    @Test
    void echoLoadsNoOtherProvider() throws Exception {
        var loaded = loaded(Map.of("CHAT_PROVIDER", "echo"));
        assertEquals(Set.of("history.chat.model.EchoModel"), ofProviders(loaded));
        assertFalse(loaded.contains("java.net.http.HttpClient"));
    }

    @Test
    void openAiLoadsNoOtherProvider() throws Exception {
        var loaded = loaded(Map.of("CHAT_PROVIDER", "openai", "CHAT_MODEL", "m", "CHAT_API_KEY", "k"));
        assertEquals(
                Set.of("history.chat.model.RemoteModel", "history.chat.model.OpenAiProtocol"), ofProviders(loaded));
    }

    @Test
    void anthropicLoadsNoOtherProvider() throws Exception {
        var loaded = loaded(Map.of("CHAT_PROVIDER", "anthropic", "CHAT_MODEL", "m", "CHAT_API_KEY", "k"));
        assertEquals(
                Set.of("history.chat.model.RemoteModel", "history.chat.model.AnthropicProtocol"), ofProviders(loaded));
    }

    @Test
    void bedrockLoadsTheSignerOnlyToSign() throws Exception {
        var bedrock = Map.of("CHAT_PROVIDER", "bedrock", "CHAT_MODEL", "m", "AWS_REGION", "eu-central-1");
        var withKey = new HashMap<>(bedrock);
        withKey.put("CHAT_API_KEY", "k");
        assertEquals(
                Set.of("history.chat.model.RemoteModel", "history.chat.model.BedrockProtocol"),
                ofProviders(loaded(withKey)));
        var withRole = new HashMap<>(bedrock);
        withRole.put("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE");
        assertTrue(loaded(withRole).contains("software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner"));
    }

    private static Set<String> ofProviders(Set<String> loaded) {
        return OF_PROVIDERS.stream().filter(loaded::contains).collect(Collectors.toSet());
    }

    private static Set<String> loaded(Map<String, String> environment) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "-verbose:class",
                "-cp",
                System.getProperty("java.class.path"),
                Start.class.getName()));
        process.environment().keySet().removeIf(name -> name.startsWith("CHAT_") || name.startsWith("AWS_"));
        process.environment().putAll(environment);
        var started = process.redirectErrorStream(true).start();
        var log = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, started.waitFor(), log);
        return log.lines()
                .filter(line -> line.contains(" source: "))
                .map(line -> line.replaceFirst("^\\[[^\\]]*\\]\\s*(\\[[^\\]]*\\]\\s*)*", "")
                        .split(" ", 2)[0])
                .collect(Collectors.toSet());
    }
}
