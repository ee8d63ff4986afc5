package history.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A source file with one guard removed.
 *
 * @param name what is missing
 * @param file below {@code src/main/java/history}
 */
record JavaMutant(String name, String file, String guard, String instead) {
    private static final Path SOURCES = Path.of(System.getProperty("basedir", "."), "src/main/java/history");

    static List<JavaMutant> all() {
        return List.of(
                new JavaMutant(
                        "the role switch",
                        "db/Database",
                        "set_config('role', 'authenticated', true)",
                        "set_config('role', 'none', true)"),
                new JavaMutant(
                        "the role is the transaction's",
                        "db/Database",
                        "set_config('role', 'authenticated', true)",
                        "set_config('role', 'authenticated', false)"),
                new JavaMutant(
                        "the claims",
                        "db/Database",
                        "statement.setString(1, caller.claims())",
                        "statement.setString(1, \"\")"),
                new JavaMutant(
                        "the claims are the transaction's",
                        "db/Database",
                        "set_config('request.jwt.claims', ?, true)",
                        "set_config('request.jwt.claims', ?, false)"),
                new JavaMutant(
                        "the chosen tenant",
                        "db/Database",
                        "caller.tenantClaim() == null ? \"\" : caller.tenantClaim()",
                        "\"\""),
                new JavaMutant(
                        "the tenant is the transaction's",
                        "db/Database",
                        "set_config('app.tenant_id', ?, true)",
                        "set_config('app.tenant_id', ?, false)"),
                new JavaMutant(
                        "a query cannot write",
                        "db/Database",
                        "batch.readOnly || caller.isNobody() ? \"on\" : null",
                        "null"),
                new JavaMutant(
                        "the look at the login role",
                        "db/Database",
                        "LoginRole.check(connection)",
                        "connection.isClosed()"),
                // Not that of a superuser in LoginRole: who is one can become all others, too, which is looked for as
                // well.
                new JavaMutant("login role: BYPASSRLS", "db/LoginRole", "when r.rolbypassrls then", "when false then"),
                new JavaMutant(
                        "login role: what it may become",
                        "db/LoginRole",
                        "where other.oid <> r.oid",
                        "where false and other.oid <> r.oid"),
                new JavaMutant(
                        "login role: what it owns",
                        "db/LoginRole",
                        "c.relkind in ('r', 'p', 'v')",
                        "c.relkind in ('i')"),
                new JavaMutant(
                        "the key decides the algorithm",
                        "auth/KeySet",
                        "key.algorithm().equals(token.algorithm())",
                        "true"),
                new JavaMutant("the signature", "auth/KeySet", "key.verifies(token)", "true"),
                new JavaMutant(
                        "which token was verified before", "auth/Authenticator", "Digest.sha256(token)", "new byte[1]"),
                new JavaMutant("extensions that are critical", "auth/SignedToken", "refuseExtensions(header);", ""),
                new JavaMutant(
                        "expiry",
                        "auth/Authenticator",
                        "now - CLOCK_SKEW.toSeconds() >= expiration.getValue()",
                        "false"),
                new JavaMutant("tokens without expiry", "auth/Authenticator", "expiration == null", "false"),
                new JavaMutant(
                        "not before", "auth/Authenticator", "notBefore != null &&", "false && notBefore != null &&"),
                new JavaMutant(
                        "the issuer", "auth/Authenticator", "!config.issuer().equals(claims.getIssuer())", "false"),
                new JavaMutant(
                        "the audience", "auth/Authenticator", "!audience(claims).contains(config.audience())", "false"),
                new JavaMutant(
                        "the shape of the subject", "auth/Subject", "&& UUID_TEXT.matcher(subject).matches()", ""),
                new JavaMutant(
                        "the length of a token",
                        "auth/Authenticator",
                        "authorization.length() > MAX_HEADER_LENGTH",
                        "false"),
                new JavaMutant(
                        "whose cursor it is",
                        "conversation/Cursor",
                        "cursor.encode(caller, listing).equals(text)",
                        "cursor.id() != null"),
                new JavaMutant(
                        "no cache keeps an answer",
                        "http/ApiHandler",
                        "headers.put(\"cache-control\", \"no-store\");",
                        ""),
                new JavaMutant(
                        "content types are not guessed",
                        "http/ApiHandler",
                        "headers.put(\"x-content-type-options\", \"nosniff\");",
                        ""));
    }

    /** The changed source; an error when there is nothing to change any more. */
    String source() throws IOException {
        var source = Files.readString(SOURCES.resolve(file + ".java"));
        if (!source.contains(guard)) {
            throw new IllegalStateException(file + " no longer says: " + guard);
        }
        return source.replace(guard, instead);
    }

    /** The class that is changed; its nested ones are compiled with it. */
    String className() {
        return "history." + file.replace('/', '.');
    }
}
