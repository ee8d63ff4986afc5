package history.auth;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;

/** The keys of an issuer at one time, and which of them may verify a token. */
final class KeySet {
    /** {@code {"alg":"none"}}, of a token that is never believed. */
    private static final String HEADER = "eyJhbGciOiJub25lIn0";

    static final KeySet EMPTY = new KeySet(List.of());

    private final List<VerificationKey> keys;

    private KeySet(List<VerificationKey> keys) {
        this.keys = keys;
    }

    static KeySet ofSecret(String secret) {
        return new KeySet(List.of(VerificationKey.ofSecret(secret)));
    }

    /**
     * Reads a JWK Set (RFC 7517); keys that cannot be used are left out, as the RFC advises.
     *
     * @throws IllegalArgumentException when the text is no JWK Set; the message holds nothing of the text
     */
    static KeySet parse(String json) {
        try {
            return new KeySet(new JsonWebKeySet(json)
                    .getJsonWebKeys().stream()
                            .map(VerificationKey::of)
                            .filter(Objects::nonNull)
                            .toList());
        } catch (JoseException | ClassCastException | NullPointerException e) {
            // The library casts and dereferences what it finds in the JSON. No cause: its messages quote the text.
            throw new IllegalArgumentException("no JSON Web Key Set");
        }
    }

    KeySet with(KeySet others) {
        return new KeySet(Stream.concat(keys.stream(), others.keys.stream()).toList());
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Has each key verify what it never signed: a signature of the length of EC and EdDSA, and of RSA; how many they are. */
    int prime() {
        for (var key : keys) {
            for (int length : new int[] {64, VerificationKey.RSA_BITS / 8}) {
                byte[] signature = new byte[length];
                Arrays.fill(signature, (byte) 1);
                String text = Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
                key.verifies(SignedToken.parse(HEADER + ".e30." + text));
            }
        }
        return keys.size();
    }

    /**
     * Whether a key of this set signed the token. A token that names no key is accepted only if there is just one key of its
     * algorithm; two keys with the same name are both tried.
     */
    boolean verifies(SignedToken token) {
        var candidates = keys.stream()
                .filter(key -> key.algorithm().equals(token.algorithm()))
                .filter(key ->
                        token.keyId() == null || key.id() == null || key.id().equals(token.keyId()))
                .toList();
        if (token.keyId() == null && candidates.size() > 1) {
            return false;
        }
        return candidates.stream().anyMatch(key -> key.verifies(token));
    }
}
