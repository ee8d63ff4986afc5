package history.chat.model;

import com.fasterxml.jackson.databind.JsonNode;
import history.chat.model.Completion.FinishReason;
import history.chat.model.Completion.TokenUsage;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Collects what a provider sends: the text goes to the transcript, the finish reason and the usage are kept here. */
final class CompletionBuilder {
    private static final Duration AFTER_THE_END = Duration.ofSeconds(2);

    private final Transcript transcript;
    private final TimeLimit limit;
    private String model;
    private @Nullable FinishReason finishReason;
    private boolean refusing;
    private boolean callingTool;
    private @Nullable Integer inputTokens;
    private @Nullable Integer outputTokens;

    CompletionBuilder(String model, TimeLimit limit, Transcript transcript) {
        this.model = model;
        this.limit = limit;
        this.transcript = transcript;
    }

    void add(String piece) {
        transcript.add(piece);
    }

    /** The answer is complete. Whatever may follow, such as the usage, is waited for only briefly. */
    void finish(FinishReason reason) {
        finishReason = refusing ? FinishReason.REFUSED : reason;
        limit.within(AFTER_THE_END);
    }

    /** The text that follows is why the model declines. */
    void refuses() {
        refusing = true;
    }

    /** The model asks for a tool. */
    void callsTool() {
        callingTool = true;
    }

    /** The provider ended the answer by itself. Some servers never say why, and then what arrived is complete. */
    void end() {
        if (!isFinished() && (callingTool || !transcript.text().isEmpty())) {
            finish(callingTool ? FinishReason.OTHER : FinishReason.STOP);
        }
    }

    boolean isFinished() {
        return finishReason != null;
    }

    void answeredBy(String name) {
        if (!name.isBlank()) {
            model = name;
        }
    }

    void read(JsonNode... tokens) {
        inputTokens = sum(tokens);
    }

    void wrote(JsonNode tokens) {
        outputTokens = sum(tokens);
    }

    /** Null, as if none was reported, when no model can have taken that many. */
    private static @Nullable Integer sum(JsonNode... tokens) {
        double sum = Stream.of(tokens).mapToDouble(JsonNode::asDouble).sum();
        return sum < 0 || sum > Integer.MAX_VALUE ? null : (int) sum;
    }

    /** The complete answer; a failure if the provider never said that it ended. */
    Completion complete() {
        if (finishReason == null) {
            throw new ModelFailure.Failed("The model's answer was cut off");
        }
        var usage = inputTokens == null || outputTokens == null ? null : new TokenUsage(inputTokens, outputTokens);
        return new Completion(transcript.text(), finishReason, usage, model);
    }
}
