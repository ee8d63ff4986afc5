package history.conversation;

import history.auth.Caller;
import history.http.Problem;
import history.text.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/**
 * Where a page of conversations ended: the last row's keyset (last_message_at, id).
 *
 * <p>A checksum covers the caller and the list it belongs to, so a cursor that was altered, or is somebody else's, is
 * refused. It needs no signature: a cursor only says where to continue among the rows that the caller may see.
 */
record Cursor(Instant place, UUID id) {
    private static final int POSITION_BYTES = 8 + 4 + 16;
    private static final int CHECK_BYTES = 8;

    String encode(Caller caller, Listing listing) {
        byte[] position = ByteBuffer.allocate(POSITION_BYTES)
                .putLong(place.getEpochSecond())
                .putInt(place.getNano())
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        byte[] all = ByteBuffer.allocate(POSITION_BYTES + CHECK_BYTES)
                .put(position)
                .put(check(position, caller, listing), 0, CHECK_BYTES)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /** @throws Problem 400 unless {@link #encode} made this text for the same caller and list */
    static Cursor decode(String text, Caller caller, Listing listing) {
        try {
            var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            var cursor = new Cursor(
                    Instant.ofEpochSecond(bytes.getLong(), bytes.getInt()), new UUID(bytes.getLong(), bytes.getLong()));
            if (cursor.encode(caller, listing).equals(text)) {
                return cursor;
            }
        } catch (RuntimeException altered) {
            // Not base64, too short, or an impossible time: all the same to the caller.
        }
        throw Problem.badRequest("The cursor is not valid for this list; start again without it.");
    }

    private static byte[] check(byte[] position, Caller caller, Listing listing) {
        String owner = listing.parameters() + caller.claims() + caller.tenantClaim();
        byte[] text = owner.getBytes(StandardCharsets.UTF_8);
        return Digest.of(
                "SHA-256",
                ByteBuffer.allocate(POSITION_BYTES + text.length)
                        .put(position)
                        .put(text)
                        .array());
    }
}
