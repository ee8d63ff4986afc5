package history.chat.model;

import history.chat.model.Completion.FinishReason;
import history.chat.model.Completion.TokenUsage;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one hand-written double: says what a test tells it to, one script a call and the last one for ever after, and remembers
 * what it was asked.
 */
public final class ScriptedModel implements ChatModel {

    /** What one call does: speaks, perhaps waits for a latch, perhaps fails, else completes. */
    public record Script(
            List<String> deltas,
            @Nullable CountDownLatch before,
            @Nullable CountDownLatch after,
            List<String> last,
            @Nullable RuntimeException failure,
            FinishReason finishReason) {

        public static Script says(String... deltas) {
            return new Script(List.of(deltas), null, null, List.of(), null, FinishReason.STOP);
        }

        /** Says nothing before the latch is open. */
        public Script onlyAfter(CountDownLatch latch) {
            return new Script(deltas, latch, after, last, failure, finishReason);
        }

        /** Says everything, and ends when the latch is open. */
        public Script thenWaitsFor(CountDownLatch latch) {
            return new Script(deltas, before, latch, last, failure, finishReason);
        }

        /** After the latch. */
        public Script thenSays(String... deltas) {
            return new Script(this.deltas, before, after, List.of(deltas), failure, finishReason);
        }

        public Script thenFails(RuntimeException failure) {
            return new Script(deltas, before, after, last, failure, finishReason);
        }

        public Script finishing(FinishReason finishReason) {
            return new Script(deltas, before, after, last, failure, finishReason);
        }
    }

    private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();
    private final List<Prompt> prompts = new CopyOnWriteArrayList<>();

    public ScriptedModel(Script... scripts) {
        this.scripts.addAll(List.of(scripts));
    }

    public static ScriptedModel saying(String... deltas) {
        return new ScriptedModel(Script.says(deltas));
    }

    /** Adds what further calls do. */
    public ScriptedModel then(Script script) {
        scripts.add(script);
        return this;
    }

    public List<Prompt> prompts() {
        return List.copyOf(prompts);
    }

    public int calls() {
        return prompts.size();
    }

    @Override
    public Completion answer(Prompt prompt, Transcript transcript) {
        prompts.add(prompt);
        var script = next();
        await(script.before(), prompt, transcript);
        script.deltas().forEach(transcript::add);
        await(script.after(), prompt, transcript);
        script.last().forEach(transcript::add);
        if (script.failure() != null) {
            throw script.failure();
        }
        var usage = new TokenUsage(
                prompt.messages().size(), script.deltas().size() + script.last().size());
        return new Completion(transcript.text(), script.finishReason(), usage, "scripted");
    }

    private synchronized Script next() {
        var script = scripts.size() > 1 ? scripts.poll() : scripts.peek();
        if (script == null) {
            throw new IllegalStateException("no script: this call was not expected");
        }
        return script;
    }

    /** Waits like a real model: no longer than the prompt allows, and not after a stop. */
    private static void await(@Nullable CountDownLatch latch, Prompt prompt, Transcript transcript) {
        if (latch == null) {
            return;
        }
        var limit = TimeLimit.after(prompt.timeLimit(), transcript::isStopped);
        try {
            while (!latch.await(limit.nextWait(), TimeUnit.NANOSECONDS)) {
                // The limit says whether to go on.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelFailure.Failed("interrupted", e);
        }
    }
}
