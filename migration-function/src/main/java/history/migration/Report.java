package history.migration;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;

/**
 * What an action did and found.
 *
 * @param phase {@code none}, {@code prepared}, {@code expanded}, {@code backfilled}, {@code migrated} or {@code complete};
 *     {@code unknown} when the database could not be asked
 * @param pending conversations whose array is not in rows yet
 * @param callAgain whether the same action has more to do
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
        boolean callAgain) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    public Report {
        quarantinedByReason = Map.copyOf(quarantinedByReason);
        steps = List.copyOf(steps);
        findings = List.copyOf(findings);
    }

    static Report uncounted(Action action, String phase) {
        return new Report(action.word(), phase, 0, 0, 0, 0, 0, Map.of(), List.of(), List.of(), false);
    }

    Report with(List<StepResult> newSteps, List<Finding> newFindings, boolean newCallAgain) {
        return new Report(
                action,
                phase,
                conversations,
                elements,
                messages,
                quarantined,
                pending,
                quarantinedByReason,
                newSteps,
                newFindings,
                newCallAgain);
    }

    /** Whether it is over and no person is needed. */
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
}
