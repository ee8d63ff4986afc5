/** What the log gets: one line of JSON for a record, and one for each request. */
@NullMarked
package history.log;

import org.jspecify.annotations.NullMarked;
