package history.auth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whose tokens are believed, from the environment.
 *
 * <p>{@code LOCAL_RUN=true} is set by the local run alone and lets issuer and audience be absent; a function in Lambda
 * refuses it. A variable that is empty counts as absent, since templates pass empty parameters on.
 *
 * @param issuer null: not checked (local run only)
 * @param audience null: not checked (local run only)
 */
record AuthConfig(@Nullable String issuer, @Nullable String audience, Keys keys, TenantClaim tenantClaim) {

    /** Keys that are known, or the address where they are published. */
    sealed interface Keys {
        record Known(KeySet set) implements Keys {}

        record Published(URI url) implements Keys {}
    }

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** @throws IllegalArgumentException naming the variable that is missing or wrong and what is allowed */
    static AuthConfig from(Map<String, String> environment) {
        boolean required = !isLocalRun(environment);
        return new AuthConfig(
                text(environment, "JWT_ISSUER", required, "the iss claim of the tokens, exactly as it stands there"),
                text(environment, "JWT_AUDIENCE", required, "the aud claim of the tokens (Supabase: authenticated)"),
                keys(environment),
                tenantClaim(environment));
    }

    private static boolean isLocalRun(Map<String, String> environment) {
        var value = value(environment, "LOCAL_RUN");
        if (value == null || value.equals("false")) {
            return false;
        }
        if (!value.equals("true")) {
            throw new IllegalArgumentException("LOCAL_RUN must be true or false");
        }
        if (environment.containsKey("AWS_LAMBDA_FUNCTION_NAME") && !"true".equals(environment.get("AWS_SAM_LOCAL"))) {
            throw new IllegalArgumentException("LOCAL_RUN must not be true in Lambda: it is for the local run only");
        }
        return true;
    }

    private static @Nullable String text(
            Map<String, String> environment, String name, boolean required, String meaning) {
        var value = value(environment, name);
        if (value == null && required) {
            throw new IllegalArgumentException(name + " is required outside the local run: " + meaning);
        }
        return value;
    }

    private static @Nullable String value(Map<String, String> environment, String name) {
        var value = environment.get(name);
        return value == null || value.isBlank() ? null : value;
    }

    private static Keys keys(Map<String, String> environment) {
        var url = value(environment, "JWT_JWKS_URL");
        var set = value(environment, "JWT_JWKS");
        var secret = value(environment, "JWT_SECRET");
        if (Stream.of(url, set, secret).filter(Objects::nonNull).count() != 1) {
            throw new IllegalArgumentException("Exactly one of JWT_JWKS_URL, JWT_JWKS and JWT_SECRET must be set:"
                    + " the address of the issuer's JSON Web Key Set, the set itself, or the shared HS256 secret");
        }
        if (url != null) {
            return new Keys.Published(address(url));
        }
        return new Keys.Known(set != null ? keySet(set) : secretKey(Objects.requireNonNull(secret)));
    }

    /** Over plain HTTP anybody on the way could put in keys of their own. */
    private static URI address(String url) {
        try {
            var address = new URI(url);
            var isSecure = "https".equalsIgnoreCase(address.getScheme());
            var isLocal = "http".equalsIgnoreCase(address.getScheme()) && LOOPBACK.contains(address.getHost());
            if (address.getHost() != null && address.getUserInfo() == null && (isSecure || isLocal)) {
                return address;
            }
        } catch (URISyntaxException e) {
            // Said below, without the value.
        }
        throw new IllegalArgumentException(
                "JWT_JWKS_URL must be an https URL without user and password (http only on localhost)");
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
        throw new IllegalArgumentException(
                "JWT_JWKS must be a JSON Web Key Set, {\"keys\":[…]}, with at least one public"
                        + " key for signatures: RSA of " + VerificationKey.RSA_BITS
                        + " bits or more, EC P-256, or OKP Ed25519");
    }

    private static KeySet secretKey(String secret) {
        try {
            return KeySet.ofSecret(secret);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("JWT_SECRET: " + e.getMessage(), e);
        }
    }

    private static TenantClaim tenantClaim(Map<String, String> environment) {
        var name = value(environment, "JWT_TENANT_CLAIM");
        try {
            return name == null ? TenantClaim.DEFAULT : TenantClaim.named(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "JWT_TENANT_CLAIM must be the name of a claim or app_metadata.<name>: " + e.getMessage(), e);
        }
    }
}
