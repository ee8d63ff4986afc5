package history.chat;

import history.auth.Caller;
import history.conversation.Message;
import history.db.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Turns in the tables {@code conversations} and {@code messages}. */
record ChatTables(Database database) implements ChatStore {
    @Override
    public Claim claim(Caller caller, Wish wish, int messages, int characters) {
        ChatRequest request = wish.request();
        String metadata = request.metadata() == null ? null : request.metadata().toString();
        return database.write(
                caller,
                ClaimSql.BATCH,
                ClaimReader::read,
                request.conversation().uuid(),
                request.conversation().chatId(),
                wish.key(),
                wish.newConversation(),
                request.trigger().name(),
                request.messageId(),
                request.messageUuid(),
                wish.key(),
                wish.hash(),
                wish.newMessage(),
                request.text(),
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
        return database.read(caller, ResumeSql.RUNNING, ChatTables::readProgress, chat.uuid(), chat.id());
    }

    Optional<Progress> progress(Caller caller, Turn turn) {
        return database.read(
                caller,
                ResumeSql.PROGRESS,
                ChatTables::readProgress,
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
