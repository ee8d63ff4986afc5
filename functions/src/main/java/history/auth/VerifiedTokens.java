package history.auth;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jose4j.jwt.JwtClaims;
import org.jspecify.annotations.Nullable;

/**
 * The claims of tokens whose signatures were verified, so that the next request with the same token need not verify it again:
 * with ES256 that is half of the CPU time of a list.
 *
 * <p>Known by the SHA-256 of the whole token, the signature included, and only as long as the keys that verified it are the keys.
 * Nothing but the signature is remembered to be good: times, issuer and audience are checked with each request.
 */
final class VerifiedTokens {
    static final int MOST = 1_000;

    /** By which keys, and what it claims. */
    record Verified(KeySet keys, JwtClaims claims) {}

    private final Map<ByteBuffer, Verified> byHash = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Verified> eldest) {
            return size() > MOST;
        }
    };

    synchronized @Nullable Verified get(String token) {
        return byHash.get(hash(token));
    }

    synchronized void put(String token, Verified verified) {
        byHash.put(hash(token), verified);
    }

    synchronized void remove(String token) {
        byHash.remove(hash(token));
    }

    synchronized int size() {
        return byHash.size();
    }

    private static ByteBuffer hash(String token) {
        return ByteBuffer.wrap(Subject.sha256(token));
    }
}
