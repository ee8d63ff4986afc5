/** How the packages lie: what may use what. */
@NullMarked
package history.rooms;

import org.jspecify.annotations.NullMarked;
