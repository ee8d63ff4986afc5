package history.conversation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import history.auth.Caller;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where conversations are kept: each method is one statement, one round trip, run as the caller. */
interface ConversationStore {
    /** What became of a request to change or delete one conversation. */
    sealed interface Written {
        /** Done; what it looks like now, or looked like. */
        record Done(Conversation conversation) implements Written {}

        /** Not there, or not the caller's. */
        record Missing() implements Written {}

        /** There, but not in a version that the caller named. */
        record Changed() implements Written {}

        /** The merged metadata would be too large. */
        record TooLarge() implements Written {}
    }

    /**
     * A conversation that was created, now or by an earlier request with the same key.
     *
     * @param sameRequest false when that earlier request asked for something else
     */
    record Created(Conversation conversation, boolean replayed, boolean sameRequest) {}

    /**
     * What a new conversation starts with.
     *
     * @param id made by the server; unused when there is a key, which the id is then derived from
     * @param requestHash of the body that came with the key
     */
    record Draft(
            UUID id,
            Optional<String> title,
            Optional<ObjectNode> metadata,
            Optional<String> idempotencyKey,
            String requestHash) {}

    /**
     * What a merge patch changes; an absent part stays as it is.
     *
     * @param metadata a merge patch of its own (RFC 7396)
     */
    record Change(Optional<String> title, Optional<ObjectNode> metadata, boolean clearMetadata) {
        boolean isEmpty() {
            return title.isEmpty() && metadata.isEmpty() && !clearMetadata;
        }
    }

    /** Up to {@code limit} rows, newest first, after the cursor; absent when the scope is not the caller's to ask for. */
    Optional<List<Conversation>> list(Caller caller, Scope scope, @Nullable Cursor after, int limit);

    Created create(Caller caller, Draft draft);

    /** The newest {@code limit} messages with a {@code seq} below {@code before}; absent when there is no such conversation. */
    Optional<Page> get(Caller caller, ConversationRef id, @Nullable Long before, int limit);

    Written patch(Caller caller, UUID id, Change change, Optional<String> versions);

    Written delete(Caller caller, UUID id, Optional<String> versions);
}
