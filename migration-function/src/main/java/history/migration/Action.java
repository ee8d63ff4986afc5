package history.migration;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The actions of the migration. */
public enum Action {
    STATUS,
    PREPARE,
    MIGRATE,
    VERIFY,
    CHECK,
    ROLLBACK,
    COMPLETE,
    ERASE,
    PRUNE,
    EXPORT,
    IMPORT;

    /**
     * The action of a word on the command line or in an event.
     *
     * @throws IllegalArgumentException with the names that are allowed
     */
    public static Action named(String name) {
        for (var action : values()) {
            if (action.word().equals(name)) {
                return action;
            }
        }
        throw new IllegalArgumentException("Unknown action \"%s\": use one of %s."
                .formatted(name, Arrays.stream(values()).map(Action::word).collect(Collectors.joining(", "))));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
