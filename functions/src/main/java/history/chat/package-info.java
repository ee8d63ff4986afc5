/** The endpoints of a chat: a message is taken in and answered; an answer that is being made can be come back to. */
@NullMarked
package history.chat;

import org.jspecify.annotations.NullMarked;
