package history.chat.turn;

import java.util.Map;
import java.util.function.Consumer;

/**
 * An answer that is already stored.
 *
 * @param before the text that the client already has, which is not sent again
 */
record StoredReply(Turn turn, String before) implements Reply {
    @Override
    public Map<String, String> headers() {
        return Map.of("idempotency-replayed", "true");
    }

    @Override
    public Outcome deliver(Consumer<String> onDelta) {
        String content = turn.answer().content();
        String rest = content.startsWith(before) ? content.substring(before.length()) : content;
        if (!rest.isEmpty()) {
            onDelta.accept(rest);
        }
        return new Outcome.Completed(turn.answer(), turn.title());
    }
}
