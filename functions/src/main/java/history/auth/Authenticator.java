package history.auth;

import static history.failure.Failure.Kind.UNAUTHORIZED;

import history.config.Variables;
import history.failure.Failure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jspecify.annotations.Nullable;

/** Turns the {@code Authorization} header of a request into its caller, or refuses it; safe for use by many threads. */
public final class Authenticator {

    /** Tokens are a kilobyte or two; what is longer is not even looked at. */
    static final int MAX_HEADER_LENGTH = 16 * 1024;

    /** How far the clocks of issuer and function may be apart. */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);
    private static final String SCHEME = "Bearer ";
    private static final Pattern UUID_TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private final AuthConfig config;
    private final KeySource keys;
    private final InstantSource clock;

    Authenticator(AuthConfig config, KeySource keys, InstantSource clock) {
        this.config = config;
        this.keys = keys;
        this.clock = clock;
    }

    /** Reads the configuration, and nothing else: published keys are fetched with the first token. */
    public static Authenticator from(Variables variables) {
        var config = AuthConfig.from(variables);
        var clock = InstantSource.system();
        return new Authenticator(config, keys(config.keys(), clock), clock);
    }

    private static KeySource keys(AuthConfig.Keys keys, InstantSource clock) {
        return switch (keys) {
            case AuthConfig.Keys.Known(var set) -> new KeySource.Fixed(set);
            case AuthConfig.Keys.Published(var url) -> new PublishedKeys(new JwksEndpoint(url, FETCH_TIMEOUT), clock);
        };
    }

    /**
     * The caller whose token is in the header.
     *
     * @param authorization {@code Bearer <JWT>}, null when the request has none
     * @throws Failure when there is no token or it cannot be believed; or when the issuer's keys cannot be fetched, which says
     *     nothing about the token
     */
    public Caller authenticate(@Nullable String authorization) {
        var token = SignedToken.parse(bearerToken(authorization));
        verify(token);
        try {
            return caller(JwtClaims.parse(token.payload()));
        } catch (InvalidJwtException | MalformedClaimException e) {
            throw new Failure(UNAUTHORIZED, "The token's claims are malformed");
        }
    }

    private static String bearerToken(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new Failure(UNAUTHORIZED, "A bearer token is required");
        }
        if (authorization.length() > MAX_HEADER_LENGTH) {
            throw new Failure(UNAUTHORIZED, "The token is too long");
        }
        return authorization.substring(SCHEME.length()).strip();
    }

    /** Keys change: a token that those at hand do not verify gets a second chance with newer ones. */
    private void verify(SignedToken token) {
        var known = keys.current();
        if (known.verifies(token)) {
            return;
        }
        var newer = keys.newerThan(known);
        if (newer == known || !newer.verifies(token)) {
            throw new Failure(UNAUTHORIZED, "The token is not signed with a key that is trusted here");
        }
    }

    private Caller caller(JwtClaims claims) throws MalformedClaimException {
        checkTimes(claims.getExpirationTime(), claims.getNotBefore());
        if (!config.issuer().equals(claims.getIssuer())) {
            throw new Failure(UNAUTHORIZED, "The token is from another issuer");
        }
        if (!claims.getAudience().contains(config.audience())) {
            throw new Failure(UNAUTHORIZED, "The token is for another audience");
        }
        return new Caller(userId(claims.getSubject()), config.tenantClaim().in(claims.getClaimsMap()));
    }

    private void checkTimes(@Nullable NumericDate expiration, @Nullable NumericDate notBefore) {
        var now = clock.instant().getEpochSecond();
        if (expiration == null) {
            throw new Failure(UNAUTHORIZED, "The token never expires");
        }
        if (now - CLOCK_SKEW.toSeconds() >= expiration.getValue()) {
            throw new Failure(UNAUTHORIZED, "The token has expired");
        }
        if (notBefore != null && now + CLOCK_SKEW.toSeconds() < notBefore.getValue()) {
            throw new Failure(UNAUTHORIZED, "The token is not valid yet");
        }
    }

    private static UUID userId(@Nullable String subject) {
        // UUID.fromString alone also reads 1-1-1-1-1.
        if (subject == null || !UUID_TEXT.matcher(subject).matches()) {
            throw new Failure(UNAUTHORIZED, "The token's subject is no user id");
        }
        return UUID.fromString(subject);
    }
}
