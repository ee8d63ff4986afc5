package history.chat.model;

import history.text.Storable;
import java.util.function.Consumer;

/**
 * The text of an answer so far, in a form that the database and browsers accept: whole characters, without U+0000 and lone
 * surrogates. One thread adds to it, others may read it.
 */
public final class Transcript {
    private static final int MOST_CHARACTERS = 8_000_000;

    private final Consumer<String> onDelta;
    private final StringBuilder text = new StringBuilder();
    private String held = "";
    private volatile boolean stopped;

    /** @param onDelta gets each piece that is not empty, on the thread that adds it; what it throws ends the answer */
    public Transcript(Consumer<String> onDelta) {
        this.onDelta = onDelta;
    }

    /** Adds a piece. If a surrogate pair is split between two pieces, the first half waits for the second. */
    public void add(String piece) {
        if (stopped) {
            throw new ModelFailure.Stopped();
        }
        var all = held + piece;
        var pairIsOpen = !all.isEmpty() && Character.isHighSurrogate(all.charAt(all.length() - 1));
        var end = pairIsOpen ? all.length() - 1 : all.length();
        held = all.substring(end);
        var clean = Storable.clean(all.substring(0, end));
        if (!clean.isEmpty()) {
            append(clean);
            onDelta.accept(clean);
        }
    }

    private synchronized void append(String clean) {
        if (text.length() + clean.length() > MOST_CHARACTERS) {
            throw new ModelFailure.Failed("The model's answer is too long");
        }
        text.append(clean);
    }

    /** Ends the call of the model soon; may be called from any thread. */
    public void stop() {
        stopped = true;
    }

    public boolean isStopped() {
        return stopped;
    }

    public synchronized String text() {
        return text.toString();
    }
}
