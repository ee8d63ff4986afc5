/** Conversations and the messages in them: list, create, get, patch, delete. */
@NullMarked
package history.conversation;

import org.jspecify.annotations.NullMarked;
