package history.chat.turn;

import history.auth.Caller;
import history.conversation.ConversationRef;
import history.conversation.Message;
import history.db.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Turns in the tables {@code conversations} and {@code messages}. */
record Turns(Database database) implements ChatStore {
    @Override
    public Claim claim(Caller caller, Wish wish, int messages, int characters) {
        Question question = wish.question();
        String metadata =
                question.metadata() == null ? null : question.metadata().toString();
        return database.write(
                caller,
                ClaimSql.BATCH,
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
                metadata,
                wish.attempt().id(),
                wish.attempt().lease().toMillis(),
                messages,
                characters);
    }

    @Override
    public void flush(Caller caller, Turn turn, Attempt attempt, String text) {
        database.writeOnce(
                caller,
                FinishSql.FLUSH,
                ResultSet::next,
                turn.conversationId(),
                text,
                text,
                turn.conversationId(),
                turn.answer().id(),
                attempt.id().toString());
    }

    @Override
    public Optional<Stored> finish(Caller caller, Turn turn, Attempt attempt, Ending ending) {
        return database.write(
                caller,
                FinishSql.FINISH,
                rows -> readStored(rows, turn),
                turn.conversationId(),
                turn.conversationId(),
                turn.answer().id(),
                attempt.id().toString(),
                ending.status().text(),
                ending.content(),
                ending.metadata(attempt));
    }

    private static Optional<Stored> readStored(ResultSet rows, Turn turn) throws SQLException {
        if (!rows.next()) {
            return Optional.empty();
        }
        var stored = new Turn(turn.conversationId(), rows.getString("title"), turn.question(), Message.of(rows, "a_"));
        return Optional.of(new Stored(stored, rows.getBoolean("ours")));
    }

    /** The last answer of a chat that is being made just now. */
    Optional<Progress> running(Caller caller, ConversationRef.Chat chat) {
        return database.read(caller, ResumeSql.RUNNING, Turns::readProgress, chat.uuid(), chat.id());
    }

    Optional<Progress> progress(Caller caller, Turn turn) {
        return database.read(
                caller,
                ResumeSql.PROGRESS,
                Turns::readProgress,
                turn.conversationId(),
                turn.answer().id(),
                turn.question().id());
    }

    private static Optional<Progress> readProgress(ResultSet rows) throws SQLException {
        return rows.next()
                ? Optional.of(Progress.of(ClaimReader.turn(rows), rows.getBoolean("running")))
                : Optional.empty();
    }
}
