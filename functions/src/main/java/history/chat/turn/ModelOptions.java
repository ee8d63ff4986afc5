package history.chat.turn;

import history.body.Fields;
import history.chat.model.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may choose about the model, or what is configured where the caller does not.
 *
 * @param temperature null leaves it to the model
 */
public record ModelOptions(String model, @Nullable Double temperature, int maxTokens) {
    private static final int MAX_NAME = 200;

    public static ModelOptions of(Fields fields, String maxTokensName, ModelConfig config) {
        var model = fields.text("model", MAX_NAME);
        model.filter(name -> !config.allows(name))
                .ifPresent(name ->
                        fields.error("model", "is not allowed; allowed: " + String.join(", ", config.allowedModels())));
        return new ModelOptions(
                model.orElse(config.model()),
                fields.number("temperature", 0, config.provider().maxTemperature())
                        .orElse(null),
                fields.integer(maxTokensName, 1, config.maxTokens()).orElse(config.maxTokens()));
    }
}
