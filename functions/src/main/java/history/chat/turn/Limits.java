package history.chat.turn;

import history.config.Variables;
import history.text.Json;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How much the users of a tenant may ask, where its settings do not say otherwise. The database counts.
 *
 * @param json as {@code history.grant_turn} takes them; empty without limits
 */
public record Limits(String json) {
    private static final int MOST = 999_999_999;

    /** From the {@code LIMIT_…} variables. */
    public static Limits from(Variables variables) {
        var limits = Json.MAPPER.createObjectNode();
        Stream.of("LIMIT_TURNS_PER_MINUTE", "LIMIT_TOKENS_PER_DAY").forEach(name -> {
            int most = variables.number(name, 0, 1, MOST);
            if (most > 0) {
                limits.put(name.toLowerCase(Locale.ROOT), most);
            }
        });
        return new Limits(limits.toString());
    }

    /** What is left, as the database says it in header fields. */
    static Map<String, String> headers(@Nullable String quota) {
        return Json.tree(quota == null ? "{}" : quota).properties().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, header -> header.getValue().asText()));
    }
}
