/** A turn: a question is stored, answered by one request at a time, and its answer kept, whoever listens. */
@NullMarked
package history.chat.turn;

import org.jspecify.annotations.NullMarked;
