package history.chat.model;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which model answers and what it is shown, from the {@code CHAT_…} variables.
 *
 * @param allowedModels what a caller may ask for; always holds {@code model}
 * @param baseUrl null for the provider's own
 * @param apiKey null where the server asks for none; of Bedrock: null for the function's own role
 * @param maxTokens the longest answer when the caller sets no limit, and the most a caller may ask for
 * @param timeout the longest a whole answer may take
 * @param historyMessages how many of the newest messages the model is shown
 * @param historyCharacters how many characters (UTF-16 units) these may have together
 */
public record ModelConfig(
        Provider provider,
        String model,
        Set<String> allowedModels,
        @Nullable URI baseUrl,
        @Nullable String apiKey,
        @Nullable String systemPrompt,
        int maxTokens,
        Duration timeout,
        int historyMessages,
        int historyCharacters) {

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

        /** Servers of one's own often take no key, and Bedrock goes by the function's role. */
        private boolean needsKey(@Nullable URI baseUrl) {
            return switch (this) {
                case ANTHROPIC, OPENAI -> baseUrl == null;
                case BEDROCK, ECHO -> false;
            };
        }

        private static Provider of(String name) {
            return Arrays.stream(values())
                    .filter(provider -> provider.text().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "CHAT_PROVIDER must be one of " + names() + (name.isEmpty() ? ": not set" : ": " + name)));
        }

        private static String names() {
            return Arrays.stream(values()).map(Provider::text).collect(Collectors.joining(", "));
        }

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ModelConfig {
        var models = new LinkedHashSet<String>();
        models.add(model);
        models.addAll(allowedModels);
        allowedModels = Set.copyOf(models);
    }

    /** Reads and checks every variable; what is wrong is never mended, and no value of a secret gets into a message. */
    public static ModelConfig from(Map<String, String> environment) {
        var variables = new Variables(environment);
        var provider = Provider.of(Objects.requireNonNullElse(variables.text("CHAT_PROVIDER"), ""));
        var model = variables.text("CHAT_MODEL");
        if (model == null && provider != Provider.ECHO) {
            throw new IllegalArgumentException(
                    "CHAT_MODEL must be set to the name of a model for CHAT_PROVIDER=" + provider.text());
        }
        var baseUrl = variables.url("CHAT_BASE_URL");
        var apiKey = variables.secret("CHAT_API_KEY");
        if (apiKey == null && provider.needsKey(baseUrl)) {
            throw new IllegalArgumentException("CHAT_API_KEY must be set for CHAT_PROVIDER=" + provider.text());
        }
        return new ModelConfig(
                provider,
                model == null ? ECHO_MODEL : model,
                variables.list("CHAT_ALLOWED_MODELS"),
                baseUrl,
                apiKey,
                variables.text("CHAT_SYSTEM_PROMPT"),
                variables.number("CHAT_MAX_TOKENS", 4096, 1, 1_000_000),
                Duration.ofSeconds(variables.number("CHAT_TIMEOUT_SECONDS", 60, 1, 900)),
                variables.number("CHAT_HISTORY_MESSAGES", 50, 1, 1000),
                variables.number("CHAT_HISTORY_CHARACTERS", 100_000, 1000, 2_000_000));
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

    private record Variables(Map<String, String> environment) {

        /** An empty variable counts as unset: deployment templates cannot leave one out. */
        @Nullable
        String text(String name) {
            var value = environment.get(name);
            return value == null || value.isBlank() ? null : value.strip();
        }

        @Nullable
        String secret(String name) {
            var value = text(name);
            if (value != null && !value.chars().allMatch(letter -> letter > ' ' && letter < 0x7f)) {
                throw new IllegalArgumentException(name + " must be of ASCII characters without blanks");
            }
            return value;
        }

        Set<String> list(String name) {
            var value = text(name);
            return value == null
                    ? Set.of()
                    : Arrays.stream(value.split(",", -1))
                            .map(String::strip)
                            .filter(item -> !item.isEmpty())
                            .collect(Collectors.toSet());
        }

        int number(String name, int otherwise, int least, int most) {
            var value = text(name);
            if (value == null) {
                return otherwise;
            }
            try {
                var number = Integer.parseInt(value);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Said below, together with the numbers that are out of range.
            }
            throw new IllegalArgumentException(
                    name + " must be a whole number from " + least + " to " + most + ": " + value);
        }

        @Nullable
        URI url(String name) {
            var value = text(name);
            if (value == null) {
                return null;
            }
            try {
                var url = URI.create(value.replaceAll("/+$", ""));
                var scheme = url.getScheme();
                if (("http".equals(scheme) || "https".equals(scheme))
                        && url.getHost() != null
                        && url.getUserInfo() == null
                        && url.getQuery() == null
                        && url.getFragment() == null) {
                    return url;
                }
            } catch (IllegalArgumentException e) {
                // Said below; the exception's own message would repeat a password in the URL.
            }
            throw new IllegalArgumentException(
                    name + " must be a URL such as https://api.example.com/v1, without user, password and query");
        }
    }
}
