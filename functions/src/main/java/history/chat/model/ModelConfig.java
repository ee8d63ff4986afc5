package history.chat.model;

import history.access.Loopback;
import history.access.Secret;
import history.config.Variables;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which model answers and what is sent to it, from the {@code CHAT_…} variables.
 *
 * @param allowedModels what a caller may ask for, sorted; always holds {@code model}
 * @param baseUrl null for the provider's own
 * @param apiKey null where the server needs none; for Bedrock null means the function's own role
 * @param maxTokens the longest answer when the caller sets no limit, and the most a caller may ask for
 * @param timeout the longest a whole answer may take
 * @param historyMessages how many of the newest messages are sent to the model
 * @param historyCharacters how many characters (UTF-16 units) these may have together
 */
public record ModelConfig(
        Provider provider,
        String model,
        Set<String> allowedModels,
        @Nullable URI baseUrl,
        @Nullable Secret apiKey,
        @Nullable String systemPrompt,
        int maxTokens,
        Duration timeout,
        int historyMessages,
        int historyCharacters) {

    private static final System.Logger LOG = System.getLogger(ModelConfig.class.getName());
    private static final String ECHO_MODEL = "echo";

    /** Who runs the model. */
    public enum Provider {
        ANTHROPIC,
        BEDROCK,
        ECHO,
        OPENAI;

        /** The highest temperature that its models take; the lowest is 0. */
        public double maxTemperature() {
            return switch (this) {
                case ANTHROPIC, BEDROCK -> 1;
                case ECHO, OPENAI -> 2;
            };
        }

        /** Self-hosted servers often need no key, and Bedrock uses the function's role. */
        private boolean needsKey(@Nullable URI baseUrl) {
            return switch (this) {
                case ANTHROPIC, OPENAI -> baseUrl == null;
                case BEDROCK, ECHO -> false;
            };
        }

        private static Provider of(String name) {
            return Arrays.stream(values())
                    .filter(provider -> provider.text().equals(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("must be one of " + names() + ": " + name));
        }

        private static String names() {
            return Arrays.stream(values()).map(Provider::text).collect(Collectors.joining(", "));
        }

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ModelConfig {
        var models = new TreeSet<>(allowedModels);
        models.add(model);
        allowedModels = Collections.unmodifiableSet(models);
    }

    /** Reads and checks every variable. A wrong value is reported, never corrected, and no secret gets into a message. */
    public static ModelConfig from(Variables variables) {
        var provider = provider(variables);
        var model = variables.value("CHAT_MODEL", String::strip);
        if (model.isEmpty() && provider != Provider.ECHO) {
            variables.problem("CHAT_MODEL", "must be set to the name of a model" + forProvider(provider));
        }
        var baseUrl = variables.value("CHAT_BASE_URL", ModelConfig::address).orElse(null);
        var apiKey = variables
                .value("CHAT_API_KEY", ModelConfig::key)
                .map(key -> Secret.of(key, variables::orEmpty))
                .orElse(null);
        if (variables.text("CHAT_API_KEY").isEmpty() && provider.needsKey(baseUrl)) {
            variables.problem("CHAT_API_KEY", "must be set" + forProvider(provider));
        }
        boolean isSecret = apiKey != null || provider == Provider.BEDROCK;
        if (isSecret && baseUrl != null && !"https".equals(baseUrl.getScheme()) && !Loopback.is(baseUrl.getHost())) {
            variables.problem("CHAT_BASE_URL", "must be https, since a key is sent there (http only on localhost)");
        }
        return new ModelConfig(
                provider,
                model.orElse(ECHO_MODEL),
                variables.value("CHAT_ALLOWED_MODELS", ModelConfig::list).orElse(Set.of()),
                baseUrl,
                apiKey,
                variables.value("CHAT_SYSTEM_PROMPT", String::strip).orElse(null),
                variables.number("CHAT_MAX_TOKENS", 4096, 1, 1_000_000),
                Duration.ofSeconds(variables.number("CHAT_TIMEOUT_SECONDS", 60, 1, 900)),
                variables.number("CHAT_HISTORY_MESSAGES", 50, 1, 1000),
                variables.number("CHAT_HISTORY_CHARACTERS", 100_000, 1000, 2_000_000));
    }

    /** If it is missing or wrong, that is reported, and the result is {@link Provider#ECHO}, which needs no other variable. */
    private static Provider provider(Variables variables) {
        variables.required("CHAT_PROVIDER", "one of " + Provider.names());
        return variables.value("CHAT_PROVIDER", Provider::of).orElse(Provider.ECHO);
    }

    private static String forProvider(Provider provider) {
        return " for CHAT_PROVIDER=" + provider.text();
    }

    private static String key(String value) {
        var key = value.strip();
        if (!key.chars().allMatch(letter -> letter > ' ' && letter < 0x7f)) {
            throw new IllegalArgumentException("must be of ASCII characters without blanks");
        }
        return key;
    }

    private static Set<String> list(String value) {
        return Arrays.stream(value.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .collect(Collectors.toSet());
    }

    private static URI address(String value) {
        return Variables.address(value.strip().replaceAll("/+$", ""))
                .filter(url -> "http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                .filter(url -> url.getQuery() == null && url.getFragment() == null)
                .orElseThrow(() -> new IllegalArgumentException(
                        "must be a URL such as https://api.example.com/v1, without user, password and query"));
    }

    /** The current key, where there is one. */
    String key() {
        try {
            return key(Objects.requireNonNull(apiKey).value());
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.ERROR, "CHAT_API_KEY: " + e.getMessage());
            throw new ModelFailure.Failed("The model's key could not be read", e);
        }
    }

    /** Whether a caller may ask for this model. */
    public boolean allows(String requested) {
        return allowedModels.contains(requested);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "ModelConfig[provider=" + provider + ", model=" + model + "]";
    }
}
