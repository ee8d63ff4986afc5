/** What text and JSON the database can store, and what text a reader can see. */
@NullMarked
package history.text;

import org.jspecify.annotations.NullMarked;
