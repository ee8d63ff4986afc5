package history.conversation;

import static history.failure.Failure.Kind.NOT_MIGRATED;

import history.auth.Caller;
import history.conversation.ConversationStore.Change;
import history.conversation.ConversationStore.Created;
import history.conversation.ConversationStore.Draft;
import history.conversation.ConversationStore.Written;
import history.db.Database;
import history.failure.Failure;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The conversations wherever they are just now: in their own tables or, before the migration, in {@code chat_sessions}.
 *
 * <p>Each call asks the tables first, so that a function which was warm during the migration goes on without an error.
 */
final class Conversations {
    private final ConversationStore tables;
    private final ConversationStore chatSessions;

    Conversations(Database database) {
        this.tables = new ConversationTables(database);
        this.chatSessions = new ChatSessions(database);
    }

    Optional<List<Conversation>> list(Caller caller, Scope scope, @Nullable Cursor after, int limit) {
        return where(store -> store.list(caller, scope, after, limit));
    }

    Created create(Caller caller, Draft draft) {
        return where(store -> store.create(caller, draft));
    }

    Optional<Page> get(Caller caller, ConversationRef id, @Nullable Long before, int limit) {
        return where(store -> store.get(caller, id, before, limit));
    }

    Written patch(Caller caller, UUID id, Change change, Optional<String> versions) {
        return where(store -> store.patch(caller, id, change, versions));
    }

    Written delete(Caller caller, UUID id, Optional<String> versions) {
        return where(store -> store.delete(caller, id, versions));
    }

    private <T> T where(Function<ConversationStore, T> work) {
        try {
            return work.apply(tables);
        } catch (Failure failure) {
            failure.throwUnless(NOT_MIGRATED);
            return work.apply(chatSessions);
        }
    }
}
