package history.chat.turn;

import static history.failure.Failure.Kind.NOT_MIGRATED;

import history.chat.model.ChatMessage;
import history.chat.turn.ChatStore.Claim;
import history.conversation.Message;
import history.failure.Failure;
import history.http.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what the database decided about a request for a turn. */
final class ClaimReader {
    private ClaimReader() {}

    static Claim read(ResultSet rows) throws SQLException {
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
            case "pending" -> throw new Failure(NOT_MIGRATED, "the conversation has not been converted yet");
            case "not last" -> new Claim.NotLast();
            case "other request" -> new Claim.OtherRequest();
            default -> throw new IllegalStateException(decision);
        };
    }

    static Turn turn(ResultSet row) throws SQLException {
        return new Turn(
                row.getObject("conversation_id", UUID.class),
                row.getString("title"),
                Message.of(row, "q_"),
                Message.of(row, "a_"));
    }

    /** An array of pairs: role, content. */
    private static List<ChatMessage> history(@Nullable String json) {
        List<ChatMessage> history = new ArrayList<>();
        for (var pair : Json.tree(json == null ? "[]" : json)) {
            var role = ChatMessage.Role.of(pair.path(0).asText());
            history.add(new ChatMessage(role, pair.path(1).asText()));
        }
        return history;
    }
}
