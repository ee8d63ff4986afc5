package history.failure;

import org.jspecify.annotations.Nullable;

/** The reason, other than a bug, why a request cannot be answered. It has no stack trace, which would tell nothing. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kind of failure, which decides what the caller is told. */
    public enum Kind {
        /** There is no valid token. The message is for the caller and contains nothing of the token. */
        UNAUTHORIZED,
        /** The caller is in no tenant. The message is for the caller. */
        FORBIDDEN,
        /** What is to be stored has been erased. The message is for the caller. */
        GONE,
        /** A limit is reached. The message is for the caller; its second line is a JSON object of header fields for the response. */
        LIMITED,
        /** A value that its column cannot hold, e.g. a number with a million digits. The message is for the caller. */
        INVALID,
        /** A table, column or function is not there yet, or may not be used yet. The message is for the log. */
        NOT_MIGRATED,
        /** The database cannot be reached or gave up. The message is for the log. */
        DATABASE_AWAY,
        /** The keys that verify tokens cannot be fetched. The message is for the log. */
        KEYS_AWAY
    }

    private final Kind kind;

    public Failure(Kind kind, String message) {
        this(kind, message, null);
    }

    public Failure(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause, true, false);
        this.kind = kind;
    }

    /** What is at the bottom of a failure. */
    public static Throwable root(Throwable failure) {
        var cause = failure.getCause();
        return cause == null ? failure : root(cause);
    }

    public Kind kind() {
        return kind;
    }

    /** For code that handles failures of one kind only. */
    public void throwUnless(Kind expected) {
        if (kind != expected) {
            throw this;
        }
    }

    public String message() {
        return String.valueOf(getMessage());
    }
}
