/** Failures that are not bugs, by kind; {@code ApiHandler} turns them into problems. */
@NullMarked
package history.failure;

import org.jspecify.annotations.NullMarked;
