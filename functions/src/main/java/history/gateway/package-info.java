/** A gateway's event as plain data, and the URL and parameters of the call in it. */
@NullMarked
package history.gateway;

import org.jspecify.annotations.NullMarked;
