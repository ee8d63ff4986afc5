/** A real PostgreSQL for tests and the local run, from Maven artefacts, on any machine with a JDK. */
@NullMarked
package history.postgres;

import org.jspecify.annotations.NullMarked;
