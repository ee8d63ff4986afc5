/** One message of a conversation, and what clients see of it. */
@NullMarked
package history.message;

import org.jspecify.annotations.NullMarked;
