package history.text;

import java.util.regex.Pattern;

/**
 * A text in which nobody can see anything: only controls, spaces, format characters, what Unicode ignores by default such as the
 * fillers of Hangul and variation selectors, and the blanks of Braille and music. {@code history.first_words} has the same list.
 */
public final class Blank {
    private static final Pattern UNSEEN =
            Pattern.compile("[\\x{0}-\\x{20}\\x{7F}-\\x{A0}\\x{AD}\\x{34F}\\x{61C}\\x{115F}"
                    + "\\x{1160}\\x{1680}\\x{17B4}\\x{17B5}\\x{180B}-\\x{180F}\\x{2000}-\\x{200F}\\x{2028}-\\x{202F}\\x{205F}-\\x{206F}"
                    + "\\x{2800}\\x{3000}\\x{3164}\\x{FE00}-\\x{FE0F}\\x{FEFF}\\x{FFA0}\\x{FFF0}-\\x{FFFB}\\x{13430}-\\x{1343F}"
                    + "\\x{16FE4}\\x{1BCA0}-\\x{1BCA3}\\x{1D159}\\x{1D173}-\\x{1D17A}\\x{E0000}-\\x{E0FFF}]*+");

    private Blank() {}

    public static boolean is(String text) {
        return UNSEEN.matcher(text).matches();
    }
}
