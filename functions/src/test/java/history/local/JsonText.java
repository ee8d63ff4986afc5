package history.local;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Un-escapes the inside of a JSON string. */
final class JsonText {
    private final ByteArrayOutputStream plain;
    private final StringBuilder hex = new StringBuilder();
    private boolean escaped;
    private boolean unicode;
    private char highSurrogate;

    JsonText(ByteArrayOutputStream plain) {
        this.plain = plain;
    }

    /** Takes the bytes that stand for themselves, with a backslash or without, and says how many bytes that were. */
    int plain(byte[] bytes, int from, int end) {
        var start = from;
        var i = from;
        while (i < end && !escaped && !unicode && bytes[i] != '"') {
            if (bytes[i] == '\\') {
                if (i + 1 == end || (bytes[i + 1] != '"' && bytes[i + 1] != '\\')) {
                    break;
                }
                plain.write(bytes, start, i - start);
                start = ++i;
            }
            i++;
        }
        plain.write(bytes, start, i - start);
        return i - from;
    }

    /** Takes one byte; false at the closing quote. */
    boolean next(byte value) {
        if (unicode) {
            hex.append((char) value);
            if (hex.length() == 4) {
                unicode((char) Integer.parseInt(hex, 0, 4, 16));
            }
        } else if (escaped) {
            escaped = false;
            escape(value);
        } else if (value == '\\') {
            escaped = true;
        } else if (value == '"') {
            return false;
        } else {
            plain.write(value);
        }
        return true;
    }

    private void escape(byte value) {
        switch (value) {
            case 'u' -> unicode = true;
            case 'n' -> plain.write('\n');
            case 'r' -> plain.write('\r');
            case 't' -> plain.write('\t');
            case 'b' -> plain.write('\b');
            case 'f' -> plain.write('\f');
            default -> plain.write(value);
        }
    }

    private void unicode(char unit) {
        unicode = false;
        hex.setLength(0);
        if (Character.isHighSurrogate(unit)) {
            highSurrogate = unit;
        } else if (Character.isLowSurrogate(unit)) {
            plain.writeBytes(Character.toString(Character.toCodePoint(highSurrogate, unit))
                    .getBytes(StandardCharsets.UTF_8));
        } else {
            plain.writeBytes(Character.toString(unit).getBytes(StandardCharsets.UTF_8));
        }
    }
}
