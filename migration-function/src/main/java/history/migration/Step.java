package history.migration;

/** One step of an action, as reported. */
public record Step(String name, State state, double seconds, String detail) {
    /** How it ended. */
    public enum State {
        DONE,
        STOPPED,
        FAILED
    }
}
