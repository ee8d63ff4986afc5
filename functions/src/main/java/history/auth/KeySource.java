package history.auth;

/** Where the keys come from. */
interface KeySource {

    /**
     * The keys to verify a token with.
     *
     * @throws history.failure.Failure when there are none that may be trusted now
     */
    KeySet current();

    /** Newer keys than those that failed to verify a token; the same keys when there are none, or it is too early to fetch again. */
    KeySet newerThan(KeySet keys);

    /** Keys that were configured: the shared secret, or a JWK Set in the environment. */
    record Fixed(KeySet current) implements KeySource {

        @Override
        public KeySet newerThan(KeySet keys) {
            return current;
        }
    }
}
