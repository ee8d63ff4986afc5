/** Text and JSON as the database holds them and a reader's eye takes them. */
@NullMarked
package history.text;

import org.jspecify.annotations.NullMarked;
