/** The JSON in a request's body and its fields; everything that is wrong is reported at once. */
@NullMarked
package history.body;

import org.jspecify.annotations.NullMarked;
