package history.migration;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What the migration is asked to do.
 *
 * @param confirm the text that confirms what cannot be undone; empty without one
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
     * From an event of the function; an empty one means {@code migrate}.
     *
     * @throws IllegalArgumentException for any other event
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
