/** The way to secrets and to the database, for the functions and the migration alike. */
@NullMarked
package history.access;

import org.jspecify.annotations.NullMarked;
