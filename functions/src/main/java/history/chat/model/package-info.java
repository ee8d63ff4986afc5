/** The boundary to the language model: a prompt goes out, pieces of text come back, and every failure is a {@code ModelFailure}. */
@NullMarked
package history.chat.model;

import org.jspecify.annotations.NullMarked;
