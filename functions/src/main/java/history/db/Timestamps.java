package history.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Points in time as the API writes them: ISO 8601 in UTC with microseconds. */
public final class Timestamps {
    /** The last time with a four-digit year. Later times, times before 1970 and infinity are shown as the nearest possible time. */
    private static final Instant LATEST = Instant.ofEpochSecond(253_402_300_799L, 999_999_000);

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

    public static Instant read(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        if (time == null) {
            return Instant.EPOCH;
        }
        Instant instant = time.toInstant();
        return instant.isBefore(Instant.EPOCH) ? Instant.EPOCH : instant.isAfter(LATEST) ? LATEST : instant;
    }
}
