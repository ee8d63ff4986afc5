/** Lambda's Runtime API for a function that streams its answer, which AWS's own Java client does not do. */
@NullMarked
package history.runtime;

import org.jspecify.annotations.NullMarked;
