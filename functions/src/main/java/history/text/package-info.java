/** Text as its reader's eye takes it. */
@NullMarked
package history.text;

import org.jspecify.annotations.NullMarked;
