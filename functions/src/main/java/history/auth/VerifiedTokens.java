package history.auth;

import history.text.Sha256;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jose4j.jwt.JwtClaims;
import org.jspecify.annotations.Nullable;

/**
 * The claims of tokens whose signatures were verified, so that the next request with the same token need not verify it again:
 * with ES256 that is half of the CPU time of a list.
 *
 * <p>An entry is found by the SHA-256 of the whole token, signature included, and holds only while the keys that verified it are in use.
 * Only the signature is cached: times, issuer and audience are checked with each request.
 */
final class VerifiedTokens {
    static final int MOST = 1_000;

    /** The keys that verified a token, and its claims. */
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
        return ByteBuffer.wrap(Sha256.of(token));
    }
}
