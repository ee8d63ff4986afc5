package history.chat;

import history.http.Json;
import java.util.function.Consumer;

/**
 * What the model has said so far. It is passed on in whole characters: a surrogate waits for its other half, and what
 * PostgreSQL's text cannot hold is left out.
 */
final class Heard {
    private final Consumer<String> onDelta;
    private final StringBuilder text = new StringBuilder();
    private String half = "";

    Heard(Consumer<String> onDelta) {
        this.onDelta = onDelta;
    }

    void accept(String delta) {
        String piece = half + delta;
        boolean cut = !piece.isEmpty() && Character.isHighSurrogate(piece.charAt(piece.length() - 1));
        int end = cut ? piece.length() - 1 : piece.length();
        half = piece.substring(end);
        String whole = Json.clean(piece.substring(0, end));
        if (!whole.isEmpty()) {
            append(whole);
            onDelta.accept(whole);
        }
    }

    private synchronized void append(String whole) {
        text.append(whole);
    }

    synchronized String text() {
        return text.toString();
    }

    synchronized int length() {
        return text.length();
    }
}
