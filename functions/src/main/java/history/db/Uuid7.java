package history.db;

import java.security.SecureRandom;
import java.util.UUID;

/**
 * Ids that sort by the time they were made, so that new rows are neighbours in an index.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7">RFC 9562, version 7</a>
 */
public final class Uuid7 {
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private Uuid7() {}

    /** A new generator each time: one from before a snapshot would produce the same ids in every copy. */
    public static UUID next() {
        var random = new SecureRandom();
        long time = System.currentTimeMillis() << 16;
        return new UUID(time | VERSION | random.nextInt(1 << 12), VARIANT | (random.nextLong() >>> 2));
    }
}
