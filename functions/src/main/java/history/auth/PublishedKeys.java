package history.auth;

import static history.failure.Failure.Kind.KEYS_AWAY;
import static java.nio.charset.StandardCharsets.UTF_8;

import history.access.Http;
import history.failure.Failure;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The keys that an issuer publishes: fetched when first needed, by one thread at a time, and kept for a while.
 *
 * <p>All ages are by the wall clock, because a monotonic one stands still in a snapshot. A clock that went back makes keys
 * old, not young.
 */
final class PublishedKeys {
    /** How long keys are used without asking again. */
    static final Duration FRESH = Duration.ofMinutes(10);

    /** How long keys are used when the issuer cannot be reached; after that no token is accepted. */
    static final Duration TRUSTED = Duration.ofHours(1);

    /**
     * Between two fetches for tokens that no key verifies, so that made-up key ids cannot make us hammer the issuer; and after a failed
     * fetch while older keys can still be used, since each attempt may cost a request the whole timeout.
     */
    static final Duration PAUSE = Duration.ofSeconds(30);

    /** After a failed fetch while there are no keys: every request that waited for it fails with it. */
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private record Fetched(KeySet keys, Instant at) {}

    private record Failed(IOException cause, Instant at) {}

    /** Asks for the keys. */
    @FunctionalInterface
    interface Issuer {
        KeySet fetch() throws IOException;
    }

    /**
     * The address where an issuer publishes its keys.
     *
     * @param timeout for the whole fetch, from the name look-up to the last byte
     */
    record Endpoint(URI url, Duration timeout) implements Issuer {
        static final int MAX_BYTES = 256 * 1024;

        @Override
        public KeySet fetch() throws IOException {
            var request = HttpRequest.newBuilder(url)
                    .header("accept", "application/json")
                    .build();
            var body = BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES);
            var response = Http.send("the issuer", request, body, timeout);
            if (response.statusCode() != 200) {
                throw new IOException("the issuer answered with status " + response.statusCode());
            }
            try {
                return KeySet.parse(new String(response.body(), UTF_8));
            } catch (IllegalArgumentException e) {
                throw new IOException("the issuer's answer is " + e.getMessage(), e);
            }
        }
    }

    private final Issuer issuer;
    private final InstantSource clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Fetched latest;
    // Both are only touched by the thread that holds the lock.
    private @Nullable Failed failed;
    private @Nullable Instant renewed;

    PublishedKeys(Issuer issuer, InstantSource clock) {
        this.issuer = issuer;
        this.clock = clock;
    }

    /**
     * The keys to verify a token with.
     *
     * @throws Failure when there are none that may be trusted now
     */
    KeySet current() {
        var held = latest;
        if (held != null && isWithin(FRESH, held.at())) {
            return held.keys();
        }
        var stale = held != null && isWithin(TRUSTED, held.at()) ? held.keys() : null;
        if (stale == null) {
            fetching.lock();
        } else if (!fetching.tryLock()) {
            return stale;
        }
        try {
            return refreshed(held, stale);
        } finally {
            fetching.unlock();
        }
    }

    private KeySet refreshed(@Nullable Fetched held, @Nullable KeySet stale) {
        var now = latest;
        if (now != null && (held == null || now.keys() != held.keys())) {
            return now.keys(); // another thread was faster
        }
        var recent = failed;
        if (recent == null || !isWithin(stale == null ? FIRST_PAUSE : PAUSE, recent.at())) {
            try {
                return fetch();
            } catch (IOException e) {
                recent = new Failed(e, clock.instant());
                failed = recent;
            }
        }
        if (stale == null || latest == null) {
            throw new Failure(
                    KEYS_AWAY,
                    "The keys that verify tokens cannot be fetched: "
                            + recent.cause().getMessage(),
                    recent.cause());
        }
        return stale;
    }

    /** Newer keys than those that failed to verify a token; the same keys when there are none, or it is too early to fetch again. */
    KeySet newerThan(KeySet keys) {
        fetching.lock();
        try {
            var now = latest;
            if (now != null && now.keys() != keys) {
                return now.keys();
            }
            var last = renewed;
            if (last != null && isWithin(PAUSE, last)) {
                return keys;
            }
            renewed = clock.instant();
            return fetch();
        } catch (IOException e) {
            return keys;
        } finally {
            fetching.unlock();
        }
    }

    /** Keys that the issuer no longer publishes are forgotten at once, all of them if it publishes none. */
    private KeySet fetch() throws IOException {
        try {
            var keys = issuer.fetch();
            if (keys.isEmpty()) {
                latest = null;
                throw new IOException("the issuer publishes no key that can be used");
            }
            latest = new Fetched(keys, clock.instant());
            return keys;
        } catch (IOException e) {
            System.getLogger(PublishedKeys.class.getName())
                    .log(Level.WARNING, "The keys of tokens: {0}", e.getMessage());
            throw e;
        }
    }

    private boolean isWithin(Duration span, Instant since) {
        var age = Duration.between(since, clock.instant());
        return !age.isNegative() && age.compareTo(span) < 0;
    }
}
