package history.auth;

import history.config.Loopback;
import history.config.Variables;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.stream.Stream;

/** Whose tokens are believed, from the environment. */
record AuthConfig(String issuer, String audience, Keys keys, TenantClaim tenantClaim) {

    /** Keys that are known, or the address where they are published. */
    sealed interface Keys {
        record Known(KeySet set) implements Keys {}

        record Published(URI url) implements Keys {}
    }

    static AuthConfig from(Variables variables) {
        return new AuthConfig(
                variables.required("JWT_ISSUER", "the iss claim of the tokens, exactly as it stands there"),
                variables.required("JWT_AUDIENCE", "the aud claim of the tokens (Supabase: authenticated)"),
                keys(variables),
                variables.value("JWT_TENANT_CLAIM", TenantClaim::named).orElse(TenantClaim.DEFAULT));
    }

    private static Keys keys(Variables variables) {
        var names = Stream.of("JWT_JWKS_URL", "JWT_JWKS", "JWT_SECRET");
        if (names.filter(name -> variables.text(name).isPresent()).count() != 1) {
            variables.problem(
                    "Exactly one of JWT_JWKS_URL, JWT_JWKS and JWT_SECRET",
                    "must be set: the address of the issuer's JSON Web Key Set, the set itself,"
                            + " or the shared HS256 secret");
        }
        Optional<Keys> published = variables.value("JWT_JWKS_URL", url -> new Keys.Published(address(url)));
        Optional<Keys> set = variables.value("JWT_JWKS", json -> new Keys.Known(keySet(json)));
        Optional<Keys> secret = variables.value("JWT_SECRET", text -> new Keys.Known(KeySet.ofSecret(text)));
        return published.or(() -> set).or(() -> secret).orElse(new Keys.Known(KeySet.EMPTY));
    }

    /** Over plain HTTP anybody on the way could put in keys of their own. */
    private static URI address(String url) {
        try {
            var address = new URI(url);
            var isSecure = "https".equalsIgnoreCase(address.getScheme());
            var isLocal = "http".equalsIgnoreCase(address.getScheme()) && Loopback.is(address.getHost());
            if (address.getHost() != null && address.getUserInfo() == null && (isSecure || isLocal)) {
                return address;
            }
        } catch (URISyntaxException e) {
            // Said below, without the value.
        }
        throw new IllegalArgumentException("must be an https URL without user and password (http only on localhost)");
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
