package history.text;

/** Characters that change the direction of a text until another one ends that (UAX 9): one that is left open changes what follows the text. */
public final class Direction {
    private static final char END = '\u202c';
    private static final char END_OF_ISOLATE = '\u2069';

    private Direction() {}

    /** The text, with the ends that it lacks. */
    public static String closed(String text) {
        var open = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\u202a', '\u202b', '\u202d', '\u202e' -> open.append(END);
                case '\u2066', '\u2067', '\u2068' -> open.append(END_OF_ISOLATE);
                case END -> open.setLength(open.length() - (open.toString().endsWith("" + END) ? 1 : 0));
                // It ends what was begun within the isolate, too.
                case END_OF_ISOLATE ->
                    open.setLength(
                            open.indexOf("" + END_OF_ISOLATE) < 0
                                    ? open.length()
                                    : open.lastIndexOf("" + END_OF_ISOLATE));
                default -> {}
            }
        }
        return text + open.reverse();
    }

    public static boolean isOpen(String text) {
        return closed(text).length() > text.length();
    }
}
