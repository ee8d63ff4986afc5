package history.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import history.auth.Caller;
import history.chat.model.ChatMessage;
import history.conversation.Message;
import history.db.Database;
import history.db.MigrationPending;
import history.http.HttpRequest;
import history.http.Json;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns in the tables {@code conversations} and {@code messages}. */
record ChatTables(Database database) implements ChatStore {
    @Override
    public Claim claim(Caller caller, Wish wish, int messages, int characters) {
        ChatRequest request = wish.request();
        UUID conversation = request.conversation().uuid();
        String metadata = request.metadata() == null ? null : request.metadata().toString();
        return database.write(
                caller,
                ClaimSql.BATCH,
                ChatTables::readClaim,
                conversation,
                request.conversation().chatId(),
                wish.key(),
                wish.newConversation(),
                request.trigger().name(),
                request.messageId(),
                request.messageId() == null
                        ? null
                        : HttpRequest.uuid(request.messageId()).orElse(null),
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

    private static Claim readClaim(ResultSet rows) throws SQLException {
        if (!rows.next()) {
            return new Claim.Missing();
        }
        String decision = rows.getString("decision");
        return switch (decision) {
            case "granted" -> new Claim.Granted(turn(rows), history(rows.getString("history")));
            case "answered" -> new Claim.Answered(turn(rows));
            case "busy" -> new Claim.Busy();
            case "nothing" -> new Claim.Nothing();
            // Its rows are still elements of the old array: they can be read, not changed.
            case "pending" -> throw new MigrationPending("the conversation has not been converted yet");
            case "not last" -> new Claim.NotLast();
            case "other request" -> new Claim.OtherRequest();
            default -> throw new IllegalStateException(decision);
        };
    }

    private static Turn turn(ResultSet row) throws SQLException {
        return new Turn(
                row.getObject("conversation_id", UUID.class),
                row.getString("title"),
                Message.of(row, "q_"),
                Message.of(row, "a_"));
    }

    /** An array of pairs: role, content. */
    private static List<ChatMessage> history(@Nullable String json) {
        List<ChatMessage> history = new ArrayList<>();
        try {
            for (var pair : Json.MAPPER.readTree(json == null ? "[]" : json)) {
                var role = ChatMessage.Role.of(pair.path(0).asText());
                history.add(new ChatMessage(role, pair.path(1).asText()));
            }
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return history;
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
        return rows.next() ? Optional.of(Progress.of(turn(rows), rows.getBoolean("running"))) : Optional.empty();
    }
}
