/** The only door to PostgreSQL: tenant and user are set on the connection here, nowhere else. */
@NullMarked
package history.db;

import org.jspecify.annotations.NullMarked;
