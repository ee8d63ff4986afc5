/**
 * Who is calling: verifies the bearer token of a request and derives user and tenant from it.
 *
 * <p>What a token says is believed only after its signature, its times, its issuer and its audience were checked; whether
 * the user belongs to the tenant is for the database to say.
 */
@NullMarked
package history.auth;

import org.jspecify.annotations.NullMarked;
