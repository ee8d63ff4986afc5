package history.chat.turn;

import history.auth.Caller;
import history.conversation.Message;
import history.conversation.Timestamps;
import history.db.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * Turns in {@code chat_sessions}, as they are before the migration: a message can be sent, answered and sent again; it cannot
 * be edited, regenerated or resumed.
 */
record SessionChats(Database database) implements ChatStore {
    @Override
    public Claim claim(Caller caller, Wish wish, int messages, int characters) {
        Question question = wish.question();
        return database.write(
                caller,
                SessionSql.CLAIM,
                ClaimReader::read,
                question.conversation().uuid(),
                question.conversation().chatId(),
                wish.key(),
                wish.newConversation(),
                question.trigger().name(),
                question.messageId(),
                question.messageUuid(),
                wish.key(),
                wish.hash(),
                wish.newMessage(),
                question.text(),
                wish.attempt().id(),
                wish.attempt().lease().toMillis(),
                messages,
                characters);
    }

    /** An array would have to be written whole each time; who comes back early finds the answer when it is complete. */
    @Override
    public void flush(Caller caller, Turn turn, Attempt attempt, String text) {}

    @Override
    public Optional<Stored> finish(Caller caller, Turn turn, Attempt attempt, Ending ending) {
        return database.write(
                caller,
                SessionSql.FINISH,
                rows -> readStored(rows, turn),
                turn.conversationId(),
                turn.conversationId(),
                turn.question().id(),
                turn.answer().id(),
                ending.status().text(),
                ending.content(),
                ending.metadata(attempt));
    }

    private static Optional<Stored> readStored(ResultSet row, Turn turn) throws SQLException {
        if (!row.next()) {
            return Optional.empty();
        }
        var answer = new Message(
                row.getObject("a_id", UUID.class),
                row.getObject("a_conversation_id", UUID.class),
                turn.answer().seq(),
                "assistant",
                row.getString("a_content"),
                row.getString("a_metadata"),
                Timestamps.read(row, "a_created_at"));
        var stored = new Turn(turn.conversationId(), row.getString("title"), turn.question(), answer);
        return Optional.of(new Stored(stored, row.getBoolean("ours")));
    }
}
