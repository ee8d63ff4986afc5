package history.migration;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What is asked of the migration.
 *
 * @param confirm what was said to confirm what cannot be undone; empty when nothing was
 */
record Order(Action action, String confirm) {
    /**
     * An event of the function; an empty one asks to migrate.
     *
     * @throws IllegalArgumentException for one that says something else
     */
    static Order from(JsonNode event) {
        var isEmpty = event.isMissingNode() || event.isNull() || (event.isObject() && event.isEmpty());
        if (!isEmpty && !event.path("action").isTextual()) {
            throw new IllegalArgumentException(
                    "The event names no action, as in {\"action\": \"status\"}; nothing was run.");
        }
        return new Order(
                Action.named(event.path("action").asText("migrate")),
                event.path("confirm").asText(""));
    }
}
