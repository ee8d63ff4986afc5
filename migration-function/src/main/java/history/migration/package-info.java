/** Turns {@code chat_sessions} into {@code conversations} and {@code messages} while the application keeps running. */
@NullMarked
package history.migration;

import org.jspecify.annotations.NullMarked;
