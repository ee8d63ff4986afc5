package history.conversation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import history.auth.Caller;
import history.db.Call;
import history.db.Database;
import history.db.Uuid7;
import history.http.HttpRequest;
import history.http.Problem;
import history.message.Message;
import history.message.MessageFormat;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
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

    /** Up to {@code limit} rows, after the cursor; fewer if they do not fit into a page, and none if the caller has them already. */
    Listed list(Caller caller, Listing listing, @Nullable Cursor after, int limit, String known) {
        var call = Call.of("list_conversations")
                .with("everyone", listing.everyone())
                .with("until", after == null ? null : after.place().toString())
                .with("until_id", after == null ? null : after.id())
                .with("most", limit)
                .with("archived", listing.archived())
                .with("label", listing.label())
                .with("bytes", (long) Page.MAX_BYTES)
                .with("known", known)
                .select("r.*");
        return database.read(caller, call, rows -> {
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

    /**
     * Creates it, or finds what an earlier request with the same key has created. With a key the id is derived from it.
     *
     * @param requestHash of the body that came with the key
     */
    Created create(Caller caller, NewConversation wanted, Optional<String> key, Optional<String> requestHash) {
        var call = Call.of("create_conversation")
                .with("id", Uuid7.next())
                .with("key", key.orElse(null))
                .with("title", wanted.title().orElse(null))
                .with("metadata", wanted.metadata().map(ObjectNode::toString).orElse(null))
                .with("request_hash", requestHash.orElse(null))
                .select(CONVERSATION + ", r.replayed, r.same_request");
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
        var call = Call.of("get_conversation")
                .with("id", ref.uuid())
                .with("chat_id", ref.chatId())
                .with("before", Objects.requireNonNullElse(span.before(), Long.MAX_VALUE))
                .with("most", span.limit() + 1)
                .with("bytes", (long) Page.MAX_BYTES)
                .with("after", span.after())
                .with("failed", span.failed() || format.showsFailures())
                .with("replaced", span.replaced())
                .with("known", span.replaced() ? "{}" : Version.known(request, false))
                .with("known_running", span.replaced() ? "{}" : Version.known(request, true))
                .select(CONVERSATION + ", r.available, " + Message.columns("r.message", "m_"));
        return database.read(caller, call, rows -> Page.read(rows, span, format));
    }

    Patched patch(Caller caller, ConversationRef ref, Change change, Optional<String> versions) {
        String metadata = change.metadata().map(Object::toString).orElse(change.clearMetadata() ? "{}" : null);
        var call = Call.of("patch_conversation")
                .with("id", ref.uuid())
                .with("title", change.title().orElse(null))
                .with("clear", change.clearMetadata())
                .with("patch", metadata)
                .with("versions", versions.orElse(null))
                .with("most", NewConversation.MAX_METADATA_BYTES)
                .with("archived", change.archived().orElse(null))
                .with("labels", change.labels().map(Object::toString).orElse(null))
                .with("chat_id", ref.chatId())
                .select(CONVERSATION + ", r.outcome");
        return versions.isEmpty()
                ? database.write(caller, call, Conversations::patched)
                : database.writeOnce(caller, call, Conversations::patched);
    }

    private static Patched patched(ResultSet rows) throws SQLException {
        var outcome = Outcome.read(rows);
        return new Patched(outcome, outcome == Outcome.MISSING ? null : Conversation.of(rows));
    }

    Outcome delete(Caller caller, ConversationRef ref, Optional<String> versions) {
        var call = Call.of("delete_conversation")
                .with("id", ref.uuid())
                .with("versions", versions.orElse(null))
                .with("chat_id", ref.chatId())
                .select("r.*");
        return database.writeOnce(caller, call, Outcome::read);
    }

    Optional<Part> message(
            Caller caller, ConversationRef ref, String message, int skipped, int characters, String field) {
        var call = Call.of("get_message")
                .with("id", ref.uuid())
                .with("chat_id", ref.chatId())
                .with("message_id", message)
                .with("skipped", skipped)
                .with("characters", characters)
                .with("field", field)
                .select(Message.columns("r.message", "m_") + ", r.total, r.revision");
        return database.read(
                caller,
                call,
                rows -> rows.next()
                        ? Optional.of(new Part(Message.of(rows, "m_"), rows.getLong("total"), rows.getLong("revision")))
                        : Optional.empty());
    }

    Outcome deleteMessage(Caller caller, ConversationRef ref, String message, Optional<String> versions) {
        var call = Call.of("delete_message")
                .with("id", ref.uuid())
                .with("chat_id", ref.chatId())
                .with("message_id", message)
                .with("versions", versions.orElse(null))
                .select("r.*");
        return database.writeOnce(caller, call, Outcome::read);
    }
}
