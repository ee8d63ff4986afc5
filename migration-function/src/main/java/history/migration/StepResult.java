package history.migration;

/** The result of one step, as reported. */
public record StepResult(String name, State state, double seconds, String detail) {
    /** How it ended. */
    public enum State {
        DONE,
        STOPPED,
        FAILED
    }
}
