package history.auth;

import static history.failure.Failure.Kind.UNAUTHORIZED;

import history.failure.Failure;
import history.text.Digest;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a token's subject becomes a user id of the database, which is a UUID. */
enum Subject {
    /** A UUID, or the token is refused. */
    UUID,

    /** A UUID as it is; any other subject becomes a UUID computed from it and the issuer (RFC 9562, version 8). */
    DERIVED;

    private static final Pattern UUID_TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final long VERSION = 0x8000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    static Subject named(String name) {
        return switch (name.strip()) {
            case "uuid" -> UUID;
            case "derived" -> DERIVED;
            default -> throw new IllegalArgumentException("must be uuid or derived");
        };
    }

    java.util.UUID userId(@Nullable String subject, String issuer) {
        // UUID.fromString would also accept 1-1-1-1-1.
        if (subject != null && UUID_TEXT.matcher(subject).matches()) {
            return java.util.UUID.fromString(subject);
        }
        if (subject == null || subject.isBlank() || this == UUID) {
            throw new Failure(UNAUTHORIZED, "The token's subject is not a user id");
        }
        return derived(subject, issuer);
    }

    /** The first 128 bits of SHA-256 over issuer, a zero byte and subject; {@code docs/tokens.md} has the same in SQL. */
    private static java.util.UUID derived(String subject, String issuer) {
        var bits = ByteBuffer.wrap(Digest.sha256(issuer + '\0' + subject));
        return new java.util.UUID((bits.getLong() & ~0xf000L) | VERSION, (bits.getLong() & ~(0b11L << 62)) | VARIANT);
    }
}
