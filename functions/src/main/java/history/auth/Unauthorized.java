package history.auth;

/** The request carries no token that can be believed; the message is for the caller and holds nothing of the token. */
public final class Unauthorized extends RuntimeException {

    /** No cause, because the library's messages quote the token; no stack trace, because anybody can cause this. */
    Unauthorized(String message) {
        super(message, null, false, false);
    }
}
