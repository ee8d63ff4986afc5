package history.text;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Digests of bytes and texts. */
public final class Digest {
    private Digest() {}

    /** SHA-256 of a text in UTF-8. */
    public static byte[] sha256(String text) {
        return of("SHA-256", text.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] of(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
