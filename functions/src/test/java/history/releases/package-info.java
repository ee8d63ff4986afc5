/** Earlier releases: what they left in databases, and whether what they ship goes on working on today's schema. */
@NullMarked
package history.releases;

import org.jspecify.annotations.NullMarked;
