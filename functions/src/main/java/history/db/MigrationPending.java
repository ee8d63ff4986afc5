package history.db;

/** A table, column or function that the statement needs is not there yet. */
public final class MigrationPending extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MigrationPending(String message) {
        super(message);
    }

    MigrationPending(String message, Throwable cause) {
        super(message, cause);
    }
}
