/** What goes wrong although the code is right, by kind; the handlers' one place makes answers of it. */
@NullMarked
package history.failure;

import org.jspecify.annotations.NullMarked;
