package history.migration;

import java.util.Map;

/** How much there is: elements of arrays, rows, and what is between. */
record Counts(
        long conversations,
        long elements,
        long messages,
        long quarantined,
        long pending,
        Map<String, Long> quarantinedByReason) {
    static final Counts NONE = new Counts(0, 0, 0, 0, 0, Map.of());

    Counts {
        quarantinedByReason = Map.copyOf(quarantinedByReason);
    }
}
