/** The only access to PostgreSQL: tenant and user are set on the connection here and nowhere else. */
@NullMarked
package history.db;

import org.jspecify.annotations.NullMarked;
