package history.conversation;

import history.auth.Caller;
import history.db.Call;
import history.db.Database;
import history.http.HttpRequest;
import history.http.Problem;
import history.message.Message;
import history.message.MessageFormat;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where conversations are kept: each method calls one function of the database, in one round trip, as the caller. */
record Conversations(Database database) {
    private static final String CONVERSATION = "(r.conversation).*";

    /** The outcome of changing or deleting one conversation, in the words of the functions. */
    enum Outcome {
        DONE,
        /** It does not exist, or is not the caller's. */
        MISSING,
        /** It exists, but not in a version that the caller named. */
        CHANGED,
        /** The merged metadata would be too large. */
        TOO_LARGE,
        /** The message is being answered. */
        BUSY;

        /** Throws the {@link Problem} that it is, unless it is done. */
        void check(String missing) {
            switch (this) {
                case DONE -> {}
                case MISSING -> throw Problem.notFound("There is no such " + missing + ".");
                case CHANGED -> throw Problem.preconditionFailed();
                case TOO_LARGE ->
                    throw Problem.invalid(
                            "/metadata",
                            "would have more than " + NewConversation.MAX_METADATA_BYTES + " bytes after the patch");
                case BUSY -> throw Problem.conflict("This message is being answered; stop that, or wait.", 2);
            }
        }

        static Outcome read(ResultSet rows) throws SQLException {
            rows.next();
            return valueOf(rows.getString("outcome").toUpperCase(Locale.ROOT).replace(' ', '_'));
        }
    }

    /**
     * A conversation that was created, now or by an earlier request with the same key.
     *
     * @param conversation null when it has been deleted since
     * @param sameRequest false when that earlier request asked for something else
     */
    record Created(@Nullable Conversation conversation, boolean replayed, boolean sameRequest) {}

    /** @param conversation as it is now; null when it is missing */
    record Patched(Outcome outcome, @Nullable Conversation conversation) {}

    /**
     * A message whose content is a part of one of its fields.
     *
     * @param total how many characters the whole field has
     * @param revision of the conversation
     */
    record Part(Message message, long total, long revision) {}

    private record ListConversations(
            boolean everyone,
            @Nullable String until,
            @Nullable UUID untilId,
            int most,
            @Nullable Boolean archived,
            @Nullable String label,
            long bytes,
            String known) {}

    /**
     * Arguments of {@code history.create_conversation}.
     *
     * @param id made by the server; unused when there is a key, from which the id is derived
     * @param requestHash of the body that came with the key
     */
    record CreateConversation(
            UUID id,
            @Nullable String key,
            @Nullable String title,
            @Nullable String metadata,
            @Nullable String requestHash) {}

    private record GetConversation(
            @Nullable UUID id,
            @Nullable String chatId,
            long before,
            int most,
            long bytes,
            @Nullable Long after,
            boolean failed,
            boolean replaced,
            String known,
            String knownRunning) {}

    private record PatchConversation(
            @Nullable UUID id,
            @Nullable String title,
            boolean clear,
            @Nullable String patch,
            @Nullable String versions,
            int most,
            @Nullable Boolean archived,
            @Nullable String labels,
            @Nullable String chatId) {}

    private record DeleteConversation(
            @Nullable UUID id,
            @Nullable String versions,
            @Nullable String chatId) {}

    private record GetMessage(
            @Nullable UUID id, @Nullable String chatId, String messageId, int skipped, int characters, String field) {}

    private record DeleteMessage(
            @Nullable UUID id,
            @Nullable String chatId,
            String messageId,
            @Nullable String versions) {}

    /** Up to {@code limit} rows, after the cursor; fewer if they do not fit into a page, and none if the caller has them already. */
    Listed list(Caller caller, Listing listing, @Nullable Cursor after, int limit, String known) {
        var call = new ListConversations(
                listing.everyone(),
                after == null ? null : after.place().toString(),
                after == null ? null : after.id(),
                limit,
                listing.archived(),
                listing.label(),
                Page.MAX_BYTES,
                known);
        return database.read(caller, Call.of(call), rows -> {
            var conversations = new ArrayList<Conversation>();
            while (rows.next()) {
                if (rows.getString("id") == null) {
                    return new Listed(List.of(), rows.getString("title"));
                }
                conversations.add(Conversation.of(rows));
            }
            return Listed.of(conversations);
        });
    }

    Created create(Caller caller, CreateConversation draft) {
        var call = Call.of(CONVERSATION + ", r.replayed, r.same_request", draft);
        return database.write(caller, call, rows -> {
            rows.next();
            return new Created(
                    rows.getString("id") == null ? null : Conversation.of(rows),
                    rows.getBoolean("replayed"),
                    rows.getBoolean("same_request"));
        });
    }

    /** With the messages of the span, unless the caller has them already; absent when there is no such conversation. */
    Optional<Page> get(Caller caller, ConversationRef ref, Span span, MessageFormat format, HttpRequest request) {
        var call = Call.of(
                CONVERSATION + ", r.available, " + Message.columns("r.message", "m_"),
                new GetConversation(
                        ref.uuid(),
                        ref.chatId(),
                        span.before() == null ? Long.MAX_VALUE : span.before(),
                        span.limit() + 1,
                        Page.MAX_BYTES,
                        span.after(),
                        span.failed() || format.showsFailures(),
                        span.replaced(),
                        span.replaced() ? "{}" : Version.known(request, false),
                        span.replaced() ? "{}" : Version.known(request, true)));
        return database.read(caller, call, rows -> Page.read(rows, span, format));
    }

    Patched patch(Caller caller, ConversationRef ref, Change change, Optional<String> versions) {
        String metadata = change.metadata().map(Object::toString).orElse(change.clearMetadata() ? "{}" : null);
        var call = Call.of(
                CONVERSATION + ", r.outcome",
                new PatchConversation(
                        ref.uuid(),
                        change.title().orElse(null),
                        change.clearMetadata(),
                        metadata,
                        versions.orElse(null),
                        NewConversation.MAX_METADATA_BYTES,
                        change.archived().orElse(null),
                        change.labels().map(Object::toString).orElse(null),
                        ref.chatId()));
        return versions.isEmpty()
                ? database.write(caller, call, Conversations::patched)
                : database.writeOnce(caller, call, Conversations::patched);
    }

    private static Patched patched(ResultSet rows) throws SQLException {
        var outcome = Outcome.read(rows);
        return new Patched(outcome, outcome == Outcome.MISSING ? null : Conversation.of(rows));
    }

    Outcome delete(Caller caller, ConversationRef ref, Optional<String> versions) {
        var call = Call.of(new DeleteConversation(ref.uuid(), versions.orElse(null), ref.chatId()));
        return database.writeOnce(caller, call, Outcome::read);
    }

    Optional<Part> message(
            Caller caller, ConversationRef ref, String message, int skipped, int characters, String field) {
        var call = Call.of(
                Message.columns("r.message", "m_") + ", r.total, r.revision",
                new GetMessage(ref.uuid(), ref.chatId(), message, skipped, characters, field));
        return database.read(
                caller,
                call,
                rows -> rows.next()
                        ? Optional.of(new Part(Message.of(rows, "m_"), rows.getLong("total"), rows.getLong("revision")))
                        : Optional.empty());
    }

    Outcome deleteMessage(Caller caller, ConversationRef ref, String message, Optional<String> versions) {
        var call = Call.of(new DeleteMessage(ref.uuid(), ref.chatId(), message, versions.orElse(null)));
        return database.writeOnce(caller, call, Outcome::read);
    }
}
