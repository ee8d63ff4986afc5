package history.migration;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an action did and found.
 *
 * @param phase {@code none}, {@code prepared}, {@code expanded}, {@code backfilled}, {@code migrated} or {@code complete};
 *     {@code unknown} when the database could not be asked
 * @param pending conversations whose array is not in rows yet
 * @param callAgain whether the same action has more to do
 * @param version of this migration
 * @param schemaVersion the version that made the schema, where it is known
 * @param confirm the text that complete needs, when complete is possible
 */
public record Report(
        String action,
        String phase,
        long conversations,
        long elements,
        long messages,
        long quarantined,
        long pending,
        Map<String, Long> quarantinedByReason,
        List<StepResult> steps,
        List<Finding> findings,
        boolean callAgain,
        String version,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String schemaVersion,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String confirm) {
    /** Reads without limits: an export has whatever was stored. */
    static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Integer.MAX_VALUE)
                            .maxNumberLength(Integer.MAX_VALUE)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    public Report {
        quarantinedByReason = Map.copyOf(quarantinedByReason);
        steps = List.copyOf(steps);
        findings = List.copyOf(findings);
    }

    /** Whether no person is needed. */
    @JsonIgnore
    public boolean succeeded() {
        return findings.stream().noneMatch(Finding::blocks)
                && steps.stream().noneMatch(step -> step.state() == StepResult.State.FAILED);
    }

    public String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static ObjectNode parse(String json) {
        try {
            return JSON.readValue(json, ObjectNode.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
