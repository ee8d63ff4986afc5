package history.auth;

/** The issuer's keys cannot be had now, so that no token can be judged: the caller may try again later. */
public final class KeysUnavailable extends RuntimeException {

    KeysUnavailable(Throwable cause) {
        super("The keys that verify tokens cannot be fetched", cause);
    }
}
