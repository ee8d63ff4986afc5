/** Migrates {@code chat_sessions} to {@code conversations} and {@code messages} while the application keeps running. */
@NullMarked
package history.migration;

import org.jspecify.annotations.NullMarked;
