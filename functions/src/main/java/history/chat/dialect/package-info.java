/** The ways of asking a question and of hearing its answer: bodies in, events out, and nothing of how it is answered. */
@NullMarked
package history.chat.dialect;

import org.jspecify.annotations.NullMarked;
