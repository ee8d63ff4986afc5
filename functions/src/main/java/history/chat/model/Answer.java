package history.chat.model;

import history.chat.model.Completion.FinishReason;
import history.chat.model.Completion.TokenUsage;
import history.http.Json;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects an answer while it arrives and hands every piece on as text that a database and a browser can take. */
final class Answer {
    private static final int MOST_CHARACTERS = 8_000_000;
    private static final Duration AFTER_THE_END = Duration.ofSeconds(2);

    private final Consumer<String> onDelta;
    private final TimeLimit limit;
    private final StringBuilder text = new StringBuilder();
    private String held = "";
    private String model;
    private @Nullable FinishReason finishReason;
    private boolean refusing;
    private @Nullable Integer inputTokens;
    private @Nullable Integer outputTokens;

    Answer(String model, TimeLimit limit, Consumer<String> onDelta) {
        this.model = model;
        this.limit = limit;
        this.onDelta = onDelta;
    }

    /** Adds a piece; of a pair of surrogates that comes in two pieces the first waits for the second. */
    void add(String piece) {
        var all = held + piece;
        var pairIsOpen = !all.isEmpty() && Character.isHighSurrogate(all.charAt(all.length() - 1));
        held = pairIsOpen ? all.substring(all.length() - 1) : "";
        speak(pairIsOpen ? all.substring(0, all.length() - 1) : all);
    }

    private void speak(String piece) {
        var clean = Json.clean(piece);
        if (clean.isEmpty()) {
            return;
        }
        if (text.length() + clean.length() > MOST_CHARACTERS) {
            throw new ModelFailure.Failed("The model's answer has no end");
        }
        text.append(clean);
        onDelta.accept(clean);
    }

    /** The model has said all; what may follow, such as the usage, is not waited for much longer. */
    void finish(FinishReason reason) {
        finishReason = refusing ? FinishReason.REFUSED : reason;
        limit.within(AFTER_THE_END);
    }

    /** What it says is why it declines. */
    void refuses() {
        refusing = true;
    }

    boolean isFinished() {
        return finishReason != null;
    }

    void answeredBy(String name) {
        if (!name.isBlank()) {
            model = name;
        }
    }

    void read(int tokens) {
        inputTokens = tokens;
    }

    void wrote(int tokens) {
        outputTokens = tokens;
    }

    /** The end, which is a failure if the model never said that this is all. */
    Completion complete() {
        if (!held.isEmpty()) {
            var half = held;
            held = "";
            speak(half);
        }
        if (finishReason == null) {
            throw new ModelFailure.Failed("The model's answer broke off");
        }
        var usage = inputTokens == null || outputTokens == null ? null : new TokenUsage(inputTokens, outputTokens);
        return new Completion(text.toString(), finishReason, usage, model);
    }
}
