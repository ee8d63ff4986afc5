package history.db;

import static org.junit.jupiter.api.Assertions.assertEquals;

import history.fixture.World;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times as the API writes them, from a server that writes them in any zone. */
final class TimestampsTest {
    private static final World WORLD = World.create();

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-31 12:00:00+00, 2026-01-31T12:00:00.000000Z",
        "2026-01-31 23:59:59.25+00, 2026-01-31T23:59:59.250000Z",
        "2026-01-31 12:00:00.000001+00, 2026-01-31T12:00:00.000001Z",
        "2026-01-31 12:00:00+05:30, 2026-01-31T06:30:00.000000Z",
        "1970-01-01 00:00:00+00, 1970-01-01T00:00:00.000000Z",
        "1969-12-31 23:59:59+00, 1970-01-01T00:00:00.000000Z",
        "9999-12-31 23:59:59.999999+00, 9999-12-31T23:59:59.999999Z",
        "10000-01-01 00:00:00+00, 9999-12-31T23:59:59.999999Z",
        "1971-01-01 00:00:00+00 BC, 1970-01-01T00:00:00.000000Z",
        "-infinity, 1970-01-01T00:00:00.000000Z",
        "infinity, 9999-12-31T23:59:59.999999Z",
        ", 1970-01-01T00:00:00.000000Z"
    })
    void aTimeIsShownInUtcWithMicroseconds(String time, String shown) throws SQLException {
        for (var zone : new String[] {"UTC", "Europe/London", "Asia/Kolkata", "America/St_Johns"}) {
            try (var connection = WORLD.database().connect(World.FUNCTIONS_ROLE);
                    var statement = connection.createStatement()) {
                statement.execute("set timezone = '" + zone + "'");
                var rows = statement.executeQuery(
                        "select " + (time == null ? "null" : "'" + time + "'") + "::timestamptz as t");
                rows.next();
                assertEquals(shown, Timestamps.read(rows, "t"), zone);
            }
        }
    }
}
