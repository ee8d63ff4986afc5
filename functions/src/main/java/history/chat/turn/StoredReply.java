package history.chat.turn;

import java.util.function.Consumer;

/** An answer that is there already. */
record StoredReply(Turn turn) implements Reply {
    @Override
    public boolean isReplay() {
        return true;
    }

    @Override
    public Outcome deliver(Consumer<String> onDelta) {
        onDelta.accept(turn.answer().content());
        return new Outcome.Completed(turn.answer(), turn.title());
    }
}
