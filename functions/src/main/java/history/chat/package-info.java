/** The endpoints of a chat: a message is accepted and answered; a running answer can be resumed and stopped. */
@NullMarked
package history.chat;

import org.jspecify.annotations.NullMarked;
