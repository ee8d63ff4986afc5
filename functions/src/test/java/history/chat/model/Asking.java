package history.chat.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.config.Variables;
import history.fixture.Configured;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A model in front of a server of the test, and what was heard from it. */
final class Asking {
    static final String KEY = "sk-secret-of-the-test";

    final List<String> deltas = new ArrayList<>();
    private final ChatModel model;
    private final String name;

    Asking(String provider, ModelServer server, Map<String, String> more) {
        var environment = new HashMap<>(Map.of(
                "CHAT_PROVIDER",
                provider,
                "CHAT_MODEL",
                "model-1",
                "CHAT_BASE_URL",
                server.url().toString(),
                "CHAT_API_KEY",
                KEY));
        environment.putAll(more);
        environment.values().removeIf(String::isEmpty);
        this.name = environment.getOrDefault("CHAT_MODEL", "");
        this.model = Configured.read(environment, Asking::model);
    }

    static ChatModel model(Variables variables) {
        return Models.from(ModelConfig.from(variables), variables);
    }

    private Prompt prompt(Duration limit) {
        return prompt(name, limit);
    }

    static Prompt prompt(String model, Duration limit) {
        return new Prompt("Be brief.", List.of(ChatMessage.user("Hi")), model, null, 4096, limit);
    }

    Completion answer() {
        return answer(prompt(Duration.ofMinutes(1)));
    }

    Completion answer(Prompt prompt) {
        var completion = model.answer(prompt, new Transcript(deltas::add));
        assertEquals(completion.text(), String.join("", deltas));
        assertFalse(deltas.contains(""));
        return completion;
    }

    /** Asks, expects this failure, and that it gives away neither the key nor the host nor what was said. */
    <T extends ModelFailure> T failure(Class<T> type) {
        return failure(type, Duration.ofSeconds(20));
    }

    <T extends ModelFailure> T failure(Class<T> type, Duration limit) {
        var failure = assertThrows(type, () -> model.answer(prompt(limit), new Transcript(deltas::add)));
        var message = String.valueOf(failure.getMessage());
        assertFalse(message.contains(KEY) || message.contains("127.0.0.1") || message.contains("private"), message);
        return failure;
    }

    /** Asks and expects to be let go at the time limit, not much later. */
    void timesOutAfter(Duration limit) {
        var start = System.nanoTime();
        failure(ModelFailure.TimedOut.class, limit);
        var took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(limit.plusSeconds(2)) < 0, took::toString);
    }

    /** Asks, stops after a moment and expects to be let go at once. */
    void stops() {
        var transcript = new Transcript(deltas::add);
        var stopped = new AtomicLong();
        Thread.startVirtualThread(() -> {
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            stopped.set(System.nanoTime());
            transcript.stop();
        });
        assertThrows(ModelFailure.Stopped.class, () -> model.answer(prompt(Duration.ofSeconds(20)), transcript));
        var took = Duration.ofNanos(System.nanoTime() - stopped.get());
        assertTrue(took.toMillis() < 900, took::toString);
    }

    String heard() {
        return String.join("", deltas);
    }
}
