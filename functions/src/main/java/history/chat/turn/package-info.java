/** A turn: a question is stored and answered by one request at a time, and the answer is stored even if the client goes away. */
@NullMarked
package history.chat.turn;

import org.jspecify.annotations.NullMarked;
