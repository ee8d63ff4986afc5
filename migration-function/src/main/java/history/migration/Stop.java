package history.migration;

/** A step cannot continue, and no other may follow it. The message is a sentence for the report. */
final class Stop extends Exception {
    private final StepResult.State state;

    private Stop(StepResult.State state, String sentence) {
        super(sentence);
        this.state = state;
    }

    /** Nothing is left to do. */
    static Stop done(String sentence) {
        return new Stop(StepResult.State.DONE, sentence);
    }

    /** A person is needed. */
    static Stop failed(String sentence) {
        return new Stop(StepResult.State.FAILED, sentence);
    }

    /** The next call does the rest. */
    static Stop outOfTime(String done) {
        return new Stop(StepResult.State.STOPPED, done + "; call again");
    }

    StepResult.State state() {
        return state;
    }
}
