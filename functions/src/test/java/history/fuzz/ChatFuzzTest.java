package history.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import history.fixture.Call;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The chat in each of its dialects, with a model that answers at once. */
final class ChatFuzzTest {
    static Stream<Arguments> answersWhateverIsSaid() {
        return Stream.of(
                Arguments.of("{\"message\":\"hello\",\"temperature\":0.5,\"max_tokens\":10,\"model\":\"m\"}", "", ""),
                Arguments.of("{\"message\":\"hello\"}", "k", ""),
                Arguments.of(
                        "{\"message\":\"hello\",\"conversation_id\":\"00000000-0000-4000-8000-000000000001\"}",
                        "k",
                        "*/*"),
                Arguments.of(
                        "{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\"},{\"role\":\"user\",\"content\":\"hello\"}],\"conversationId\":null,\"maxTokens\":5}",
                        "",
                        "text/event-stream"),
                Arguments.of(
                        "{\"id\":\"abcdefghijklmnop\",\"messages\":[{\"id\":\"m1\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"hello\"}],\"metadata\":{\"a\":1}}],\"trigger\":\"submit-message\",\"messageId\":\"m1\"}",
                        "",
                        ""),
                Arguments.of(
                        "{\"id\":\"abcdefghijklmnop\",\"messages\":[],\"trigger\":\"regenerate-message\"}", "key", ""),
                Arguments.of(
                        "{\"id\":\"c\",\"messages\":[{\"id\":\"m\",\"role\":\"user\",\"parts\":{\"a\":{\"toolCallId\":1}}},{\"id\":\"a\",\"role\":\"assistant\",\"parts\":{\"a\":1}}]}",
                        "",
                        ""),
                Arguments.of(
                        "{\"id\":\"c\",\"message\":{\"id\":\"m\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"\\ud83d\\u0000\"}],\"metadata\":{\"legacy\":{},\"status\":\"running\",\"attempt\":{\"until\":\"x\"}}}}",
                        "",
                        ""));
    }

    @MethodSource
    @FuzzTest
    void answersWhateverIsSaid(@NotNull String body, @NotNull String key, @NotNull String accept) {
        var call = Call.post("/api/chat", body);
        call = key.isEmpty() ? call : call.header("Idempotency-Key", key);
        Target.callAsAda(accept.isEmpty() ? call : call.header("Accept", accept));
    }
}
