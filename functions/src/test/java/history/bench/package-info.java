/** Measures, by hand or with {@code ./mvnw -Pbench}, whose figures and limits docs/performance.md explains; asserts nothing. */
@NullMarked
package history.bench;

import org.jspecify.annotations.NullMarked;
