package history.chat.turn;

import history.body.Fields;
import history.chat.model.ModelConfig;
import org.jspecify.annotations.Nullable;

/** What a caller may choose about the model; null leaves it to the configuration. */
public record ModelOptions(
        @Nullable String model,
        @Nullable Double temperature,
        @Nullable Integer maxTokens) {
    private static final int MAX_NAME = 200;

    public static ModelOptions of(Fields fields, String maxTokensName, ModelConfig config) {
        var model = fields.text("model", MAX_NAME);
        model.filter(name -> !config.allows(name))
                .ifPresent(name -> fields.error(
                        "model",
                        "is not allowed; allowed: "
                                + String.join(
                                        ", ",
                                        config.allowedModels().stream().sorted().toList())));
        return new ModelOptions(
                model.orElse(null),
                fields.number("temperature", 0, config.provider().maxTemperature())
                        .orElse(null),
                fields.integer(maxTokensName, 1, config.maxTokens()).orElse(null));
    }
}
