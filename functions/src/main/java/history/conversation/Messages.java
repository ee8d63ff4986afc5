package history.conversation;

import history.auth.Caller;
import history.conversation.Conversations.Outcome;
import history.db.Call;
import history.db.Database;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Single messages of conversations: each method calls one function of the database, as the caller. */
record Messages(Database database) {
    private record GetMessage(
            @Nullable UUID id, @Nullable String chatId, String messageId, int skipped, int characters) {}

    private record DeleteMessage(
            @Nullable UUID id,
            @Nullable String chatId,
            String messageId,
            @Nullable String versions) {}

    /** @param total how many characters the whole text has, of which the message has a part */
    record Part(Message message, long total) {}

    Optional<Part> get(Caller caller, ConversationRef ref, String message, int skipped, int characters) {
        var call = new Call(
                Message.columns("r.message", "m_") + ", r.total",
                new GetMessage(ref.uuid(), ref.chatId(), message, skipped, characters));
        return database.read(
                caller,
                call,
                rows -> rows.next()
                        ? Optional.of(new Part(Message.of(rows, "m_"), rows.getLong("total")))
                        : Optional.empty());
    }

    Outcome delete(Caller caller, ConversationRef ref, String message, Optional<String> versions) {
        var call = Call.of(new DeleteMessage(ref.uuid(), ref.chatId(), message, versions.orElse(null)));
        return database.writeOnce(caller, call, rows -> {
            rows.next();
            return Outcome.of(rows);
        });
    }
}
