package history.releases;

import history.fixture.Call;
import history.fixture.Person;
import history.fixture.World;
import java.util.List;
import java.util.UUID;

/**
 * What Ada and Bob did with a release before its database was dumped, in order. All but {@link #REPLACED} are safe to send
 * again, on any later schema: each meets its own row.
 */
final class Requests {
    static final Person ADA = person("a0000000-0000-4000-8000-000000000001", "10000000-0000-4000-8000-00000000000a");
    static final Person BOB = person("b0000000-0000-4000-8000-000000000002", "10000000-0000-4000-8000-00000000000b");

    /** What can be done before the migration, too. */
    static final List<Call> LIMITED = List.of(
            Call.post("/api/conversations", "{\"title\": \"Plans\"}")
                    .header("Idempotency-Key", "plans-1")
                    .as(ADA),
            Call.post("/api/chat", "{\"message\": \"Hello, my name is Ada\"}")
                    .header("Idempotency-Key", "hello-1")
                    .as(ADA),
            Call.post("/api/chat", "{\"message\": \"I am Bob\"}")
                    .header("Idempotency-Key", "hello-1")
                    .as(BOB),
            aiSdk("chat-1", "m1", "What is a dump?", "submit-message"));

    /** A question that is answered twice and then asked in other words. */
    static final List<Call> REPLACED = List.of(
            aiSdk("chat-1", "m2", "What is an upgrade?", "submit-message"),
            aiSdk("chat-1", "m2", "What is an upgrade?", "regenerate-message"));

    static final List<Call> ROWS = List.of(
            Call.post("/api/conversations", "{\"title\": \"More plans\"}")
                    .header("Idempotency-Key", "plans-2")
                    .as(ADA),
            aiSdk("chat-1", "m2", "And a rollback?", "submit-message"),
            aiSdk("chat-2", "m1", "Answer me twice", "submit-message"),
            aiSdk("chat-2", "m1", "Answer me twice", "regenerate-message").header("Idempotency-Key", "anew-1"),
            Call.post("/api/chat", "{\"messages\": [{\"role\": \"user\", \"content\": \"From the old page\"}]}")
                    .header("Idempotency-Key", "page-1")
                    .as(ADA));

    private Requests() {}

    private static Person person(String user, String tenant) {
        var token = World.tokens().user(UUID.fromString(user)).tenant(UUID.fromString(tenant));
        return new Person(UUID.fromString(user), UUID.fromString(tenant), token.bearer());
    }

    private static Call aiSdk(String chat, String message, String text, String trigger) {
        return Call.post("/api/chat", """
                {"id": "%s", "trigger": "%s", "messages": [
                  {"id": "%s", "role": "user", "parts": [{"type": "text", "text": "%s"}]}]}""".formatted(chat, trigger, message, text))
                .as(ADA);
    }
}
