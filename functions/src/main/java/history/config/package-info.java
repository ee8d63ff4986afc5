/** The environment variables that configure a function, read once at its start. */
@NullMarked
package history.config;

import org.jspecify.annotations.NullMarked;
