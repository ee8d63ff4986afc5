package history.db;

/** A value that its column's type cannot hold, e.g. a number with a million digits; the message is for the caller. */
public final class ValueRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ValueRefused(Throwable cause) {
        super("A value in the request cannot be stored.", cause);
    }
}
