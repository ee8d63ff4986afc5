package history.migration;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** How far a database is; the same words as in {@code history.state}. */
enum Phase {
    NONE,
    PREPARED,
    EXPANDED,
    BACKFILLED,
    MIGRATED,
    COMPLETE;

    static final Set<Phase> EVERY = EnumSet.allOf(Phase.class);
    static final Set<Phase> BEFORE_EXPAND = EnumSet.range(NONE, PREPARED);
    static final Set<Phase> WITH_ARRAYS = EnumSet.range(EXPANDED, MIGRATED);

    static Phase named(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
