/** Whatever a caller sends, coverage guided: never a 5xx of our own making, never a hang, never more memory. */
@NullMarked
package history.fuzz;

import org.jspecify.annotations.NullMarked;
