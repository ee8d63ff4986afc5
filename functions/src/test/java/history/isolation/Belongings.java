package history.isolation;

import com.fasterxml.jackson.databind.JsonNode;
import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.World;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What is Bob's, of every kind that a caller can name, and how it reads.
 *
 * @param seen his list and his conversations as he sees them
 */
record Belongings(
        UUID conversation,
        UUID message,
        String chatId,
        String messageId,
        String etag,
        String cursor,
        List<String> seen) {
    /** A key that Bob has used for both POSTs. */
    static final String KEY = "key-1";

    private static final String CHAT = "bobsChat00000001";
    private static final String MESSAGE = "bobsMessage00001";
    private static final String WORDS = "Bob has a secret";

    /** Empty when Bob himself is not served. */
    static Optional<Belongings> of(World world) {
        var bob = world.bob();
        world.call(Call.post("/api/conversations", "{\"title\":\"" + WORDS + "\"}")
                .header("Idempotency-Key", KEY)
                .as(bob));
        world.call(Call.post("/api/chat", "{\"message\":\"" + WORDS + "\"}")
                .header("Idempotency-Key", KEY)
                .as(bob));
        world.call(Call.post("/api/chat", """
                {"id":"%s","messages":[{"id":"%s","role":"user","parts":[{"type":"text","text":"%s"}]}]}""".formatted(CHAT, MESSAGE, WORDS)).as(bob));
        JsonNode newest =
                world.call(Call.get("/api/conversations").as(bob)).json().path(0);
        if (newest.isMissingNode()) {
            return Optional.empty();
        }
        var conversation = UUID.fromString(newest.path("id").asText());
        var read = world.call(Call.get("/api/conversations/" + conversation).as(bob));
        var message =
                UUID.fromString(read.json().path("messages").path(0).path("id").asText());
        var next = world.call(Call.get("/api/conversations").query("limit", "1").as(bob))
                .link("next")
                .orElseThrow();
        var cursor = next.substring(next.indexOf("cursor=") + "cursor=".length());
        return Optional.of(new Belongings(
                conversation,
                message,
                CHAT,
                MESSAGE,
                read.header("etag").orElseThrow(),
                cursor,
                seen(world, conversation)));
    }

    /** The same, read once more. */
    static Belongings again(World world, Belongings before) {
        return new Belongings(
                before.conversation,
                before.message,
                before.chatId,
                before.messageId,
                before.etag,
                before.cursor,
                seen(world, before.conversation));
    }

    private static List<String> seen(World world, UUID conversation) {
        return List.of(
                world.call(Call.get("/api/conversations").as(world.bob())).body(),
                world.call(Call.get("/api/conversations/" + conversation).as(world.bob()))
                        .body());
    }

    /** Ids that the caller named come back in {@code instance}; all else that is Bob's must not. */
    boolean areNotIn(Answer answer) {
        return !answer.body().contains(WORDS);
    }
}
