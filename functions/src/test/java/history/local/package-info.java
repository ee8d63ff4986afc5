/** The local run: the functions behind a gateway of our own, on a PostgreSQL of our own; never shipped. */
@NullMarked
package history.local;

import org.jspecify.annotations.NullMarked;
