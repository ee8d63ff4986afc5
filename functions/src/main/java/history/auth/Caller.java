package history.auth;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The user of a verified token.
 *
 * @param tenantClaim the tenant that the token chooses, as it is written there: it may be no UUID and the user may be no
 *     member, both of which the database decides; null when the token chooses none
 * @param until when this call ends: nobody waits for an answer after that
 */
public record Caller(UUID userId, @Nullable String tenantClaim, Instant until) {
    /** The nil UUID of RFC 9562: no user's. */
    public static final UUID NOBODY = new UUID(0, 0);

    public Caller(UUID userId, @Nullable String tenantClaim) {
        this(userId, tenantClaim, Instant.MAX);
    }

    /** Somebody who is a member of nothing, for requests that are made before there are any. */
    public static Caller nobody(Instant until) {
        return new Caller(NOBODY, null, until);
    }

    public boolean isNobody() {
        return userId.equals(NOBODY);
    }

    Caller waitingUntil(Instant end) {
        return new Caller(userId, tenantClaim, end);
    }

    /** The JSON for {@code request.jwt.claims}: the user and the role, nothing else of the token reaches the database. */
    public String claims() {
        return "{\"sub\":\"" + userId + "\",\"role\":\"authenticated\"}";
    }
}
