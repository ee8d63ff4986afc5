/** The formats of questions and answers: bodies in, events out. How a question is answered is not decided here. */
@NullMarked
package history.chat.dialect;

import org.jspecify.annotations.NullMarked;
