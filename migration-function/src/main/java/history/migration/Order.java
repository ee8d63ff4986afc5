package history.migration;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What is asked of the migration.
 *
 * @param confirm what was said to confirm what cannot be undone; empty when nothing was
 * @param fresh whether migrate may make a new, empty schema although the database looks like one with sessions elsewhere
 */
record Order(Action action, String confirm, boolean fresh) {
    Order {
        if (fresh && action != Action.MIGRATE) {
            throw new IllegalArgumentException("\"fresh\" belongs to migrate; nothing was run.");
        }
    }

    Order(Action action, String confirm) {
        this(action, confirm, false);
    }

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
                event.path("confirm").asText(""),
                event.path("fresh").asBoolean());
    }
}
