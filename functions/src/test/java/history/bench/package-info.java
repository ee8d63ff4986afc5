/** Measures, by hand or with {@code ./mvnw -Pbench}; asserts nothing. */
@NullMarked
package history.bench;

import org.jspecify.annotations.NullMarked;
