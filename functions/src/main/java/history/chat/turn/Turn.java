package history.chat.turn;

import history.conversation.Message;
import java.util.UUID;

/**
 * A question of the user's and the answer to it, which may still be to come.
 *
 * @param title the conversation's
 */
public record Turn(UUID conversationId, String title, Message question, Message answer) {}
