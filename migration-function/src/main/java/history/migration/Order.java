package history.migration;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
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
    private static final Set<String> MEMBERS = Set.of("action", "confirm", "fresh", "tenant", "user");
    private static final Pattern UUID_TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final Set<Action> CONFIRMED = EnumSet.of(Action.COMPLETE, Action.ERASE, Action.PRUNE);
    private static final Set<Action> OF_A_FILE = EnumSet.of(Action.EXPORT, Action.IMPORT);
    private static final Set<Action> OF_A_USER = EnumSet.of(Action.ERASE, Action.EXPORT, Action.IMPORT);
    private static final Set<Action> OF_A_TENANT = EnumSet.of(Action.ERASE, Action.PRUNE, Action.EXPORT, Action.IMPORT);

    Order {
        if (fresh && action != Action.MIGRATE) {
            throw new IllegalArgumentException("\"fresh\" belongs to migrate; nothing was run.");
        }
        if (!confirm.isEmpty() && !CONFIRMED.contains(action)) {
            throw new IllegalArgumentException(
                    "\"confirm\" does not belong to %s; nothing was run.".formatted(action.word()));
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
     * From an event of the function; an empty one means {@code migrate}. A misspelled tenant must not mean all of them.
     *
     * @throws IllegalArgumentException for any other event
     */
    static Order from(JsonNode event) {
        var isEmpty = event.isMissingNode() || event.isNull() || (event.isObject() && event.isEmpty());
        if (!isEmpty && !event.path("action").isTextual()) {
            throw new IllegalArgumentException(
                    "The event names no action, as in {\"action\": \"status\"}; nothing was run.");
        }
        event.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                throw new IllegalArgumentException(
                        "\"%s\" of the event is not understood; nothing was run.".formatted(name));
            }
        });
        return new Order(
                Action.named(event.path("action").asText("migrate")),
                event.path("confirm").asText(""),
                event.path("fresh").asBoolean(),
                uuid(event, "tenant"),
                uuid(event, "user"),
                null);
    }

    private static @Nullable UUID uuid(JsonNode event, String name) {
        return event.has(name) ? uuid(event.path(name).asText()) : null;
    }

    /** Java's own would make another UUID of one that has lost a digit, of which there is nothing to delete. */
    static UUID uuid(String text) {
        if (!UUID_TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("\"%s\" is no UUID; nothing was run.".formatted(text));
        }
        return UUID.fromString(text);
    }
}
