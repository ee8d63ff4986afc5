/** The attacks: that the database itself refuses a foreign row, even when the code above it is wrong. */
@NullMarked
package history.isolation;

import org.jspecify.annotations.NullMarked;
