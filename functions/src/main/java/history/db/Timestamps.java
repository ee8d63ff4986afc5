package history.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Points in time as the API writes them: ISO 8601 in UTC with microseconds. */
public final class Timestamps {
    /** The last time with a four-digit year. Later times, times before 1970 and infinity are shown as the nearest possible time. */
    private static final Instant LATEST = Instant.ofEpochSecond(253_402_300_799L, 999_999_000);

    /** Characters up to the end of the seconds. */
    private static final int SECONDS = 19;

    private Timestamps() {}

    public static String format(Instant instant) {
        var time = instant.atOffset(ZoneOffset.UTC);
        char[] text = "0000-00-00T00:00:00.000000Z".toCharArray();
        put(time.getYear(), text, 3);
        put(time.getMonthValue(), text, 6);
        put(time.getDayOfMonth(), text, 9);
        put(time.getHour(), text, 12);
        put(time.getMinute(), text, 15);
        put(time.getSecond(), text, 18);
        put(time.getNano() / 1000, text, 25);
        return new String(text);
    }

    /** A formatter takes a tenth of the time of a list. */
    private static void put(int number, char[] text, int last) {
        for (int rest = number, i = last; rest > 0; rest /= 10, i--) {
            text[i] = (char) ('0' + rest % 10);
        }
    }

    /** A column with time zone; null becomes the beginning of 1970. */
    public static String read(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text != null && isPlain(text)
                ? plain(text)
                : format(instant(row.getObject(column, OffsetDateTime.class)));
    }

    /** {@code 2026-01-31 12:00:00.25+00}, as the server writes almost every time; to read it as a time would take a twentieth of a list. */
    private static boolean isPlain(String text) {
        return text.length() >= SECONDS + 3
                && text.length() <= SECONDS + 10
                && text.charAt(4) == '-'
                && text.endsWith("+00")
                && text.compareTo("1970") >= 0;
    }

    private static String plain(String text) {
        int end = text.length() - 3;
        char[] shown = "0000-00-00T00:00:00.000000Z".toCharArray();
        text.getChars(0, 10, shown, 0);
        text.getChars(11, end, shown, 11);
        return new String(shown);
    }

    private static Instant instant(@Nullable OffsetDateTime time) {
        Instant instant = time == null ? Instant.EPOCH : time.toInstant();
        return instant.isBefore(Instant.EPOCH) ? Instant.EPOCH : instant.isAfter(LATEST) ? LATEST : instant;
    }
}
