package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user may write through the view: nothing that a dump or a reader could not hold, and nothing in another's way. */
final class LimitsTest {
    private static final String ADAS = "c0000000-0000-4000-8000-0000000000ff";
    private static final String BOBS = "d0000000-0000-4000-8000-0000000000ff";

    private OldDatabase old;
    private Connection ada;
    private Connection bob;

    @BeforeEach
    void migrate() throws Exception {
        old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN, Action.MIGRATE);
        ada = old.caller(OldDatabase.ADA);
        bob = old.caller(OldDatabase.BOB);
        insert(ada, ADAS, OldDatabase.TENANT_A, OldDatabase.ADA);
        insert(bob, BOBS, OldDatabase.TENANT_B, OldDatabase.BOB);
    }

    @AfterEach
    void close() throws Exception {
        ada.close();
        bob.close();
        old.close();
    }

    @Test
    void refusesNumbersThatPrintLongerThanTheyAreStored() {
        refused("too long", element("jsonb_build_array(('1.' || repeat('0', 16000))::numeric)"));
        refused("too long", around("1e131071::numeric"));
    }

    @Test
    void refusesAnElementThatOnlyRepeatsWhatWasThere() throws Exception {
        rewrite(element("to_jsonb(array[9e999])"));

        refused("element that is too large", element("to_jsonb(array_fill(9e999, array[9000]))"));
    }

    @Test
    void refusesWhatPrintsTooLargeAlsoAroundTheArray() {
        refused("messages is too large", around("array_fill(9e999, array[140000])"));
    }

    @Test
    void refusesWhatMessagesMakeOfAnArrayFromAHundredMegabytesOn() throws Exception {
        var full = assertThrows(
                SQLException.class,
                () -> old.query("select history.refuse_growth('%s', '%s', to_jsonb(repeat('y', 104857600)))"
                        .formatted(OldDatabase.TENANT_A, ADAS)));

        assertEquals("54000", full.getSQLState());
        for (var writer : new String[] {"message_added", "rebuild_array"}) {
            assertEquals(
                    "t", old.value("select prosrc ~ 'refuse_growth' from pg_proc where proname = '" + writer + "'"));
        }
    }

    @Test
    void keepsTheNextIdsOfAConversationForItWithoutTellingThatThereIsOne() throws Exception {
        for (var place : new int[] {1, 2, 1000}) {
            var taken = assertThrows(
                    SQLException.class, () -> say(bob, "history.element_id('%s', %d)".formatted(ADAS, place), BOBS));
            assertEquals("23505", taken.getSQLState());
        }

        say(bob, "'" + ADAS.substring(0, 13) + "-8000-8000-000000000000'", BOBS);
    }

    @Test
    void makesRowsOfElementsWhoseIdsAreTaken() throws Exception {
        say(bob, "history.element_id('%s', 1500)".formatted(ADAS), BOBS);

        rewrite("(select jsonb_agg((%s -> 0) || jsonb_build_object('n', i)) from generate_series(1, 2000) i)"
                .formatted(element("'{}'::jsonb")));

        assertEquals("2000", old.value("select message_count from conversations where id = '" + ADAS + "'"));
        old.succeed(Action.VERIFY);
    }

    private void refused(String words, String array) {
        var message = String.valueOf(
                assertThrows(SQLException.class, () -> rewrite(array)).getMessage());
        assertTrue(message.contains(words), message);
    }

    private void rewrite(String array) throws SQLException {
        execute(ada, "update chat_sessions set messages = %s where id = '%s'".formatted(array, ADAS));
    }

    private static String element(String metadata) {
        return "jsonb_build_array(jsonb_build_object('role', 'user', 'content', 'x', 'metadata', jsonb_build_object('n', %s)))"
                .formatted(metadata);
    }

    private static String around(String value) {
        return "jsonb_build_object('messages', '[]'::jsonb, 'around', %s)".formatted(value);
    }

    private static void insert(Connection caller, String id, String tenant, String user) throws SQLException {
        execute(
                caller,
                "insert into chat_sessions (id, tenant_id, user_id) values ('%s', '%s', '%s')"
                        .formatted(id, tenant, user));
    }

    private static void say(Connection caller, String id, String conversation) throws SQLException {
        execute(
                caller,
                "insert into messages (id, conversation_id, role, content) values (%s, '%s', 'user', 'x')"
                        .formatted(id, conversation));
    }

    private static void execute(Connection caller, String sql) throws SQLException {
        try (var statement = caller.createStatement()) {
            statement.execute(sql);
        }
    }
}
