/** Speaks API Gateway: events in, answers and problems out; knows nothing of conversations. */
@NullMarked
package history.http;

import org.jspecify.annotations.NullMarked;
