package history.chat.model;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why there is no complete answer; the message is safe to show: it contains no key, no host name and no text of the model. */
public abstract sealed class ModelFailure extends RuntimeException {

    private ModelFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The model takes no requests for now: HTTP 429, 503 or 529. */
    public static final class RateLimited extends ModelFailure {
        private final @Nullable Duration retryAfter;

        public RateLimited(@Nullable Duration retryAfter) {
            super("The model is busy", null);
            this.retryAfter = retryAfter;
        }

        /** How long to wait, when the provider said so. */
        public Optional<Duration> retryAfter() {
            return Optional.ofNullable(retryAfter);
        }
    }

    /** Refused, unreachable, cut off or not understood. */
    public static sealed class Failed extends ModelFailure {
        public Failed(String reason) {
            super(reason, null);
        }

        public Failed(String reason, @Nullable Throwable cause) {
            super(reason, cause);
        }
    }

    /** The server itself gave an error instead of an answer, perhaps for what is in the request. */
    public static final class Refused extends Failed {
        public Refused(String reason) {
            super(reason);
        }
    }

    /** Nobody wants the rest of the answer. */
    public static final class Stopped extends ModelFailure {
        public Stopped() {
            super("The answer was stopped", null);
        }
    }

    /** The time limit came first. */
    public static final class TimedOut extends ModelFailure {
        public TimedOut() {
            super("The model took too long", null);
        }
    }
}
