package history.auth;

import static history.failure.Failure.Kind.KEYS_AWAY;
import static history.failure.Failure.Kind.UNAUTHORIZED;

import history.config.Variables;
import history.failure.Failure;
import history.text.Digest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jspecify.annotations.Nullable;

/** Turns the {@code Authorization} header of a request into its caller, or refuses it; safe for use by many threads. */
public final class Authenticator {
    /** Tokens are a kilobyte or two; anything longer is refused unread. */
    static final int MAX_HEADER_LENGTH = 16 * 1024;

    /** How far the clocks of issuer and function may be apart. */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    /** The part of a call's time that is reserved for sending the response. */
    private static final Duration ANSWERING = Duration.ofSeconds(1);

    private static final String SCHEME = "Bearer ";

    static final int MOST_VERIFIED = 1_000;

    private final AuthConfig config;
    private final KeySet known;
    private final Optional<PublishedKeys> published;
    private final InstantSource clock;

    /**
     * The tokens that were verified, by the SHA-256 of all of them, signature included, so that the next request need not verify
     * the same again: with ES256 that is half of the CPU time of a list. An entry holds only while the keys that verified it are in
     * use, and times, issuer and audience are checked with each request.
     */
    final Map<ByteBuffer, Verified> verified = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Verified> eldest) {
            return size() > MOST_VERIFIED;
        }
    });

    /** The keys that verified a token, and its claims. */
    record Verified(KeySet keys, JwtClaims claims) {}

    /** @param known keys that are configured */
    Authenticator(AuthConfig config, KeySet known, Optional<PublishedKeys> published, InstantSource clock) {
        this.config = config;
        this.known = known;
        this.published = published;
        this.clock = clock;
    }

    /** Reads the configuration, and nothing else: published keys are fetched with the first token. */
    public static Authenticator from(Variables variables) {
        var config = AuthConfig.from(variables);
        var clock = InstantSource.system();
        return new Authenticator(
                config, config.known(), config.published().map(issuer -> new PublishedKeys(issuer, clock)), clock);
    }

    /**
     * The caller whose token is in the header.
     *
     * @param authorization {@code Bearer <JWT>}, null when the request has none
     * @throws Failure when there is no token or it is not accepted; or when the issuer's keys cannot be fetched, which says
     *     nothing about the token
     */
    public Caller authenticate(@Nullable String authorization) {
        var text = bearerToken(authorization);
        try {
            var caller = caller(claims(text));
            if (caller.isNobody()) {
                throw new Failure(UNAUTHORIZED, "The token's subject is the nil UUID, which is no user's");
            }
            return caller;
        } catch (InvalidJwtException | MalformedClaimException e) {
            throw new Failure(UNAUTHORIZED, "The token's claims are malformed");
        } catch (Failure refused) {
            verified.remove(hash(text)); // it may have expired
            throw refused;
        }
    }

    /** The same, but gives up in time, even if fetching the keys or looking up their host takes longer. */
    public Caller authenticate(@Nullable String authorization, Instant until) {
        var caller = new FutureTask<>(() -> authenticate(authorization));
        if (published.isEmpty()) {
            caller.run();
        } else {
            Thread.ofVirtual().start(caller);
        }
        try {
            var left = Duration.between(clock.instant(), until).minus(ANSWERING);
            return caller.get(Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS)
                    .waitingUntil(until);
        } catch (TimeoutException late) {
            throw new Failure(KEYS_AWAY, "The keys that verify tokens were not there in time", late);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failure(KEYS_AWAY, "interrupted while waiting for keys", interrupted);
        }
    }

    /** Does once what it does for each request, for nobody: fetches the keys and has each of them verify something; how many they are. */
    public int prime() throws InvalidJwtException, MalformedClaimException {
        var claims = new JwtClaims();
        claims.setIssuer(config.issuer());
        claims.setAudience(config.audience());
        claims.setSubject(Caller.NOBODY.toString());
        claims.setExpirationTimeMinutesInTheFuture(1);
        caller(JwtClaims.parse(claims.toJson()));
        return known.prime() + current().prime();
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

    /** The claims of a token that a currently trusted key signed. Configured keys need no fetch from the issuer. */
    private JwtClaims claims(String text) throws InvalidJwtException {
        var before = verified.get(hash(text));
        if (before != null && (before.keys() == known || before.keys() == current())) {
            return before.claims();
        }
        var token = SignedToken.parse(text);
        var verifying = verifying(token);
        var claims = JwtClaims.parse(token.payload());
        verified.put(hash(text), new Verified(verifying, claims));
        return claims;
    }

    private static ByteBuffer hash(String token) {
        return ByteBuffer.wrap(Digest.sha256(token));
    }

    /** Keys change: if the current keys do not verify a token, newer ones are tried. */
    private KeySet verifying(SignedToken token) {
        if (known.verifies(token)) {
            return known;
        }
        var current = current();
        if (current.verifies(token)) {
            return current;
        }
        var newer = published.map(keys -> keys.newerThan(current)).orElse(current);
        if (newer == current || !newer.verifies(token)) {
            throw new Failure(UNAUTHORIZED, "The token is not signed with a key that is trusted here");
        }
        return newer;
    }

    private KeySet current() {
        return published.map(PublishedKeys::current).orElse(KeySet.EMPTY);
    }

    private Caller caller(JwtClaims claims) throws MalformedClaimException {
        checkTimes(claims.getExpirationTime(), claims.getNotBefore());
        if (!config.issuer().equals(claims.getIssuer())) {
            throw new Failure(UNAUTHORIZED, "The token is from another issuer");
        }
        if (!audience(claims).contains(config.audience())) {
            throw new Failure(UNAUTHORIZED, "The token is for another audience");
        }
        var userId = config.subject().userId(claims.getSubject(), config.issuer());
        return new Caller(userId, config.tenantClaim().in(claims.getClaimsMap()));
    }

    /** An access token of Cognito has no audience, and names the client that it was issued to. */
    private static List<String> audience(JwtClaims claims) throws MalformedClaimException {
        boolean isOfCognito = !claims.hasClaim("aud") && "access".equals(claims.getClaimValue("token_use"));
        return isOfCognito
                ? Optional.ofNullable(claims.getStringClaimValue("client_id")).stream()
                        .toList()
                : claims.getAudience();
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
}
