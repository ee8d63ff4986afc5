package history.chat.model;

import history.text.Storable;
import java.util.function.Consumer;

/**
 * What a model has said so far, as text that a database and a browser can take: whole characters, without U+0000 and lone
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

    /** Adds a piece; of a pair of surrogates that comes in two pieces the first waits for the second. */
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
            throw new ModelFailure.Failed("The model's answer has no end");
        }
        text.append(clean);
    }

    /** From any thread: the model's call ends soon. */
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
