package history.failure;

import org.jspecify.annotations.Nullable;

/** A request that cannot be answered, for a reason that is no bug; nobody reads where it was made, so it has no stack trace. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong: it decides what the caller is told. */
    public enum Kind {
        /** There is no token that can be believed. The message is for the caller and holds nothing of the token. */
        UNAUTHORIZED,
        /** The caller acts in no tenant. The message is for the caller. */
        FORBIDDEN,
        /** A value that its column cannot hold, e.g. a number with a million digits. The message is for the caller. */
        INVALID,
        /** A table, column or function is not there yet, or may not be used yet. The message is for the log. */
        NOT_MIGRATED,
        /** The database cannot be reached or gave up. The message is for the log. */
        DATABASE_AWAY,
        /** The keys that verify tokens cannot be fetched, so no token can be judged. The message is for the log. */
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

    public Kind kind() {
        return kind;
    }

    /** For whoever knows what to do about that kind only. */
    public void throwUnless(Kind expected) {
        if (kind != expected) {
            throw this;
        }
    }

    public String message() {
        return String.valueOf(getMessage());
    }
}
