package history.chat.turn;

import history.auth.Caller;
import history.chat.model.ChatMessage;
import history.conversation.ConversationRef;
import history.db.Call;
import history.db.Database;
import history.db.Uuid7;
import history.message.Message;
import history.text.Direction;
import history.text.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where turns are kept: each method calls one function of the database, in one round trip, as the caller. */
record Turns(Database database) {
    private static final String TURN =
            "r.title, " + Message.columns("r.question", "q_") + ", " + Message.columns("r.answer", "a_");

    /** The outcome of a claim, in the words of {@code history.claim_turn}. */
    enum Decision {
        /** The caller answers, and nobody else. */
        GRANTED,
        /** It is answered already. */
        ANSWERED,
        /** Another attempt is running. */
        BUSY,
        /** No such conversation, or not the caller's. */
        MISSING,
        /** What the idempotency key or an id names has been deleted, or an edit of an earlier message has replaced what the key made. */
        DELETED,
        /** The conversation is the caller's, but the policies hide it. */
        HIDDEN,
        /** There is no question to answer again, or whose answer would go on. */
        NOTHING,
        /** There is no message with the id that was to be edited. */
        UNKNOWN,
        /** The message with that id is none of the user's, and cannot be edited. */
        NOT_A_QUESTION,
        /** No tool of the answer waits for a result, or one does not take what was sent; the claim says why. */
        NO_RESULT,
        /** Nothing of the client's list is known, although the conversation has messages. */
        ELSEWHERE,
        /** An edit or another answer of an earlier message has taken this one out of the conversation. */
        REPLACED,
        /** The idempotency key was used with another body. */
        OTHER_REQUEST
    }

    /** The outcome of storing the end of an attempt. */
    enum Stored {
        STORED,
        /** Stored, but not shown: another attempt has replaced this one. */
        REPLACED,
        /** The conversation or the message has been deleted. */
        MISSING,
        /** The policies do not show the conversation to its user any more. */
        HIDDEN
    }

    /**
     * The result of a claim.
     *
     * @param why a sentence for the caller; empty where the decision says it all
     * @param conversation null when it is missing or hidden
     * @param turn null unless it is granted or answered
     * @param seen the earlier messages that the model may see, oldest first
     * @param quota what is left of the limits, as header fields; empty without limits
     */
    record Claim(
            Decision decision,
            String why,
            @Nullable UUID conversation,
            @Nullable Turn turn,
            List<ChatMessage> seen,
            Map<String, String> quota) {}

    /** @param answer null when the conversation is missing or hidden */
    record Ended(Stored outcome, String title, @Nullable Message answer) {}

    /**
     * Stores the user's message and a row for its answer, or finds them. Safe to repeat for the same attempt.
     *
     * @param key from the header {@code Idempotency-Key}
     * @param hash of the body that came with the key
     * @param most how many messages the model may see, and {@code characters} how many characters of them
     */
    Claim claim(
            Caller caller,
            Question question,
            Attempt attempt,
            @Nullable String key,
            @Nullable String hash,
            int most,
            int characters,
            Limits limits) {
        var said = question.said();
        var call = Call.of("claim_turn")
                .with("conversation", question.conversation().uuid())
                .with("chat_id", question.conversation().chatId())
                .with("new_conversation", Uuid7.next())
                .with("message_id", said == null ? null : said.id())
                .with("new_message", Uuid7.next())
                .with("content", said == null || question.trigger() == Question.Trigger.CONTINUE ? null : said.text())
                .with(
                        "metadata",
                        said == null || said.metadata() == null
                                ? null
                                : said.metadata().toString())
                .with("anew", question.trigger() == Question.Trigger.REGENERATE)
                .with("attempt", attempt.id())
                .with("lease", attempt.lease().toMillis() + " ms")
                .with("key", key)
                .with("key_hash", hash)
                .with("most", most)
                .with("characters", characters)
                .with(
                        "ui_parts",
                        said == null || said.parts() == null
                                ? null
                                : said.parts().toString())
                .with("target", question.target())
                .with("earlier", question.earlier().toString())
                .with("limits", limits.json())
                .select("r.decision, r.conversation_id, r.seen, r.quota, " + TURN);
        return database.write(caller, call, rows -> {
            rows.next();
            var words = rows.getString("decision").split(": ", 2);
            var decision = enumOf(Decision.class, words[0]);
            boolean isTold = decision == Decision.GRANTED || decision == Decision.ANSWERED;
            return new Claim(
                    decision,
                    words.length == 1 ? "" : words[1],
                    rows.getObject("conversation_id", UUID.class),
                    isTold ? turn(rows) : null,
                    Spoken.of(Json.tree(Objects.requireNonNullElse(rows.getString("seen"), "[]")), characters),
                    Limits.headers(rows.getString("quota")));
        });
    }

    /**
     * Stores what has arrived so far.
     *
     * @param text null only to check whether the attempt is running
     * @return false when the attempt is not running any more
     */
    boolean flush(Caller caller, Turn turn, Attempt attempt, @Nullable String text) {
        var call = Call.of("flush_turn")
                .with("conversation", turn.conversationId())
                .with("answer", attempt.id())
                .with("content", text)
                .select("r.*");
        return database.writeOnce(caller, call, rows -> rows.next() && rows.getBoolean(1));
    }

    /** Ends an attempt whose end cannot be stored, such as that of a user who has lost the membership. */
    void abandon(Caller caller, Turn turn, Attempt attempt) {
        var call = Call.of("abandon_turn")
                .with("conversation", turn.conversationId())
                .with("answer", attempt.id())
                .select("r.*");
        database.writeOnce(caller, call, ResultSet::next);
    }

    /** Ends the running answer of a chat; absent when there is none. Not repeated where the reply is lost: there would be none by then. */
    Optional<Message> stop(Caller caller, ConversationRef chat) {
        var call = Call.of("stop_turn")
                .with("conversation", chat.uuid())
                .with("chat_id", chat.chatId())
                .select(Message.columns("r", "m_"));
        return database.writeOnce(
                caller,
                call,
                rows -> rows.next() && rows.getObject("m_id") != null
                        ? Optional.of(Message.of(rows, "m_"))
                        : Optional.empty());
    }

    /** Stores the end of an attempt. Safe to repeat. */
    Ended finish(Caller caller, Turn turn, Attempt attempt, Ending ending) {
        var call = Call.of("finish_turn")
                .with("conversation", turn.conversationId())
                .with("question", turn.question().id())
                .with("answer", attempt.id())
                .with("status", ending.status().text())
                .with("content", ending.content())
                .with("metadata", ending.metadata())
                .select("r.outcome, r.title, " + Message.columns("r.message", "m_"));
        return database.write(caller, call, rows -> {
            rows.next();
            var outcome = enumOf(Stored.class, rows.getString("outcome"));
            return outcome == Stored.MISSING || outcome == Stored.HIDDEN
                    ? new Ended(outcome, "", null)
                    : new Ended(outcome, Direction.closed(rows.getString("title")), Message.of(rows, "m_"));
        });
    }

    /** The last turn of a chat whose answer is running. */
    Optional<Turn> running(Caller caller, ConversationRef chat) {
        return running(caller, chat.uuid(), chat.chatId(), null);
    }

    /** The turn as it is now; absent when it or its conversation has been deleted. */
    Optional<Turn> progress(Caller caller, Turn turn) {
        return running(caller, turn.conversationId(), null, turn.answer().id());
    }

    private Optional<Turn> running(
            Caller caller, @Nullable UUID conversation, @Nullable String chatId, @Nullable UUID attempt) {
        var call = Call.of("running_turn")
                .with("conversation", conversation)
                .with("chat_id", chatId)
                .with("attempt", attempt)
                .select(TURN);
        return database.read(
                caller,
                call,
                rows -> rows.next() && rows.getObject("q_id") != null ? Optional.of(turn(rows)) : Optional.empty());
    }

    private static Turn turn(ResultSet row) throws SQLException {
        var question = Message.of(row, "q_");
        return new Turn(
                question.conversationId(), Direction.closed(row.getString("title")), question, Message.of(row, "a_"));
    }

    private static <E extends Enum<E>> E enumOf(Class<E> type, String words) {
        return Enum.valueOf(type, words.toUpperCase(Locale.ROOT).replace(' ', '_'));
    }
}
