package history.text;

import java.util.regex.Pattern;

/**
 * Text in which nothing is visible: only controls, format characters, spaces, combining marks without a base, default ignorable
 * characters such as the Hangul fillers, the blanks of Braille and music, and the object replacement character.
 * {@code history.unseen} lists the same.
 */
public final class Blank {
    private static final Pattern UNSEEN =
            Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Z}\\p{M}\\x{115F}\\x{1160}\\x{2065}\\x{2800}\\x{3164}\\x{FFA0}"
                    + "\\x{FFF0}-\\x{FFFC}\\x{1D159}\\x{E0000}-\\x{E0FFF}&&[^\\x{0}]]*+");

    private Blank() {}

    public static boolean is(String text) {
        return UNSEEN.matcher(text).matches();
    }
}
