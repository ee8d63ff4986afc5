/** One turn of a chat: takes a message in, has it answered, and loses neither. */
@NullMarked
package history.chat;

import org.jspecify.annotations.NullMarked;
