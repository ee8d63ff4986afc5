/** A gateway's event as plain data, and where it says that a call went. */
@NullMarked
package history.gateway;

import org.jspecify.annotations.NullMarked;
