/** What is deployed, as it is deployed: the zip, under the runtime client that Lambda runs it with. */
@NullMarked
package history.packaging;

import org.jspecify.annotations.NullMarked;
