package history.auth;

import history.access.Loopback;
import history.access.Secrets;
import history.config.Variables;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which tokens are accepted, from the environment.
 *
 * @param known keys that are configured; none when all are published
 * @param published where the issuer publishes its keys, and where the shared secret is kept
 */
record AuthConfig(
        String issuer,
        String audience,
        KeySet known,
        Optional<PublishedKeys.Issuer> published,
        TenantClaim tenantClaim,
        Subject subject) {

    private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);

    static AuthConfig from(Variables variables) {
        return new AuthConfig(
                variables.required("JWT_ISSUER", "the iss claim of the tokens, exactly as it stands there"),
                variables.required(
                        "JWT_AUDIENCE",
                        "the aud claim of the tokens (Supabase: authenticated; Cognito's access tokens: the client's id)"),
                known(variables),
                published(variables),
                variables.value("JWT_TENANT_CLAIM", TenantClaim::named).orElse(TenantClaim.DEFAULT),
                variables.value("JWT_SUBJECT", Subject::named).orElse(Subject.UUID));
    }

    /** A secret and public keys may both be set while an issuer moves from one to the other; each key has only one algorithm. */
    private static KeySet known(Variables variables) {
        var sets = Stream.of("JWT_JWKS_URL", "JWT_JWKS")
                .filter(name -> variables.text(name).isPresent())
                .count();
        if (sets > 1 || (sets == 0 && variables.text("JWT_SECRET").isEmpty())) {
            variables.problem(
                    "One of JWT_JWKS_URL, JWT_JWKS and JWT_SECRET",
                    "must be set: the address of the issuer's JSON Web Key Set, the set itself,"
                            + " or the shared HS256 secret, which may stand beside either");
        }
        var set = variables.value("JWT_JWKS", AuthConfig::keySet).orElse(KeySet.EMPTY);
        var secret = variables
                .value("JWT_SECRET", text -> Secrets.isArn(text) ? KeySet.EMPTY : KeySet.ofSecret(text))
                .orElse(KeySet.EMPTY);
        return set.with(secret);
    }

    /** The keys that are fetched when they are needed, and again from time to time. */
    private static Optional<PublishedKeys.Issuer> published(Variables variables) {
        var url = variables
                .value("JWT_JWKS_URL", AuthConfig::address)
                .<PublishedKeys.Issuer>map(address -> new PublishedKeys.Endpoint(address, FETCH_TIMEOUT));
        var arn = variables.text("JWT_SECRET").filter(Secrets::isArn);
        if (arn.isEmpty()) {
            return url;
        }
        var secrets = new Secrets(variables::orEmpty);
        PublishedKeys.Issuer secret = () -> {
            try {
                return KeySet.ofSecret(secrets.value(arn.get(), FETCH_TIMEOUT));
            } catch (IllegalArgumentException e) {
                throw new IOException("JWT_SECRET " + e.getMessage(), e);
            }
        };
        return Optional.of(
                url.<PublishedKeys.Issuer>map(keys -> () -> keys.fetch().with(secret.fetch()))
                        .orElse(secret));
    }

    /** HTTPS: over plain HTTP, anybody on the network could substitute keys of their own. */
    private static URI address(String url) {
        return Variables.address(url)
                .filter(it -> "https".equalsIgnoreCase(it.getScheme())
                        || ("http".equalsIgnoreCase(it.getScheme()) && Loopback.is(it.getHost())))
                .orElseThrow(() -> new IllegalArgumentException(
                        "must be an https URL without user and password (http only on localhost)"));
    }

    private static KeySet keySet(String json) {
        try {
            var keys = KeySet.parse(json);
            if (!keys.isEmpty()) {
                return keys;
            }
        } catch (IllegalArgumentException e) {
            // Said below, without the value.
        }
        throw new IllegalArgumentException("must be a JSON Web Key Set, {\"keys\":[…]}, with at least one public"
                + " key for signatures: RSA of " + VerificationKey.RSA_BITS
                + " bits or more, EC P-256, or OKP Ed25519");
    }
}
