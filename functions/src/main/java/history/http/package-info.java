/** HTTP through API Gateway: events in, responses and problems out. Knows nothing of conversations. */
@NullMarked
package history.http;

import org.jspecify.annotations.NullMarked;
