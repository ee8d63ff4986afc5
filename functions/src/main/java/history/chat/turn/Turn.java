package history.chat.turn;

import history.message.Message;
import java.util.UUID;

/**
 * A user's question and its answer, which may not be there yet.
 *
 * @param title the conversation's
 */
public record Turn(UUID conversationId, String title, Message question, Message answer) {}
