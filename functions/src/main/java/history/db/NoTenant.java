package history.db;

/** The caller acts in no tenant: no membership, or several and none chosen; the message is for the caller. */
public final class NoTenant extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoTenant(String message, Throwable cause) {
        super(message, cause);
    }
}
