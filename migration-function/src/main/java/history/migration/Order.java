package history.migration;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the migration is asked to do.
 *
 * @param confirm the text that confirms what cannot be undone; empty without one
 * @param fresh whether migrate may make a new, empty schema although the database looks like one with sessions elsewhere
 * @param tenant to whose rows it is limited
 * @param user whose rows it is about
 * @param file what is written or read
 */
record Order(
        Action action,
        String confirm,
        boolean fresh,
        @Nullable UUID tenant,
        @Nullable UUID user,
        @Nullable Path file) {
    private static final Set<Action> OF_A_FILE = EnumSet.of(Action.EXPORT, Action.IMPORT);
    private static final Set<Action> OF_A_USER = EnumSet.of(Action.ERASE, Action.EXPORT, Action.IMPORT);
    private static final Set<Action> OF_A_TENANT = EnumSet.of(Action.ERASE, Action.PRUNE, Action.EXPORT, Action.IMPORT);

    Order {
        if (fresh && action != Action.MIGRATE) {
            throw new IllegalArgumentException("\"fresh\" belongs to migrate; nothing was run.");
        }
        if (OF_A_USER.contains(action) != (user != null)
                || OF_A_FILE.contains(action) != (file != null)
                || (tenant != null && !OF_A_TENANT.contains(action))
                || (tenant == null && action == Action.IMPORT)) {
            throw new IllegalArgumentException(
                    "A user, a tenant or a file is missing, or does not belong to %s; see --help. Nothing was run."
                            .formatted(action.word()));
        }
    }

    Order(Action action, String confirm) {
        this(action, confirm, false, null, null, null);
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
                event.path("fresh").asBoolean(),
                uuid(event, "tenant"),
                uuid(event, "user"),
                null);
    }

    private static @Nullable UUID uuid(JsonNode event, String name) {
        return event.has(name) ? UUID.fromString(event.path(name).asText()) : null;
    }
}
