package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BothSidesTest {
    private static final String ID = "c0000000-0000-4000-8000-0000000000ff";
    private static final String RENAME = "update %s set title = '%s'";

    private OldDatabase old;
    private Connection application;
    private Connection api;

    @BeforeEach
    void migrate() throws Exception {
        old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN, Action.MIGRATE);
        application = old.oldApplication();
        api = old.caller(OldDatabase.ADA);
        update(
                application,
                "insert into chat_sessions (id, tenant_id, user_id, title, messages) values ('%s', '%s', '%s', null, '[%s, %s]')"
                        .formatted(ID, OldDatabase.TENANT_A, OldDatabase.ADA, element("one"), element("two")));
    }

    @AfterEach
    void close() throws Exception {
        application.close();
        api.close();
        old.close();
    }

    @Test
    void givesANullTitleItsDefaultAndTheArrayItsRows() throws Exception {
        assertEquals("New Conversation", old.value("select title from conversations"));
        assertEquals(List.of("1:one", "2:two"), rows());
        assertEquals("2 2", old.value("select format('%s %s', last_seq, message_count) from conversations"));
    }

    @Test
    void neverLosesAMessageOfTheApiToAStaleArray() throws Exception {
        say("three");

        rewrite(element("one"), element("two"), element("stale"));

        assertEquals(List.of("1:one", "2:two", "3:three", "4:stale"), rows());
        assertEquals(List.of("one", "two", "three", "stale"), array());
        agrees();
    }

    /** As docs/migrating.md says. */
    @Test
    void agreesAgainWhereTheRowsAreRight() throws Exception {
        old.execute("""
                set session_replication_role = replica;
                update messages set content = 'changed' where seq = 2;
                insert into messages (tenant_id, conversation_id, user_id, seq, role, content)
                select tenant_id, conversation_id, user_id, 3, 'user', 'three' from messages where seq = 1""");
        assertFalse(old.run(Action.VERIFY).succeeded());
        var guide = Files.readString(Path.of("..", "docs", "migrating.md"));
        var mend = guide.substring(guide.indexOf("set search_path = history_maintenance"));

        old.execute("set role owner_plain; "
                + mend.substring(0, mend.indexOf("```")).replace("…", ID));

        assertEquals(List.of("one", "changed", "three"), array());
        agrees();
    }

    @Test
    void neverLetsAnArrayChangeAMessageOfTheApi() throws Exception {
        say("three");
        var forged = old.value("select jsonb_set(messages -> 2, '{content}', '\"forged\"') from chat_sessions");

        rewrite(forged, element("one"), element("two"));

        assertEquals(List.of("1:one", "2:two", "3:three"), rows());
        agrees();
    }

    @Test
    void followsWhatTheOldApplicationRemovesChangesAndInserts() throws Exception {
        rewrite(element("two"));
        assertEquals(List.of("2:two"), rows());
        rewrite(element("two"), element("three"), "7");
        assertEquals(List.of("2:two", "3:three"), rows());
        rewrite(element("zero"), element("two"), element("three"), "7");
        assertEquals(List.of("zero", "two", "three", "null"), array());
        agrees();
        rewrite();
        assertEquals(List.of(), rows());
        update(application, "update chat_sessions set messages = '{\"not\": \"an array\"}'");
        agrees();
        say("after");
        agrees();
        update(application, "update chat_sessions set messages = null");
        assertEquals(List.of("after"), array());
        agrees();
    }

    @Test
    void showsTheOldApplicationWhatTheApiChangesAndDeletes() throws Exception {
        say("three");
        update(api, "update messages set content = 'second' where seq = 2");
        update(api, "delete from messages where seq = 1");

        assertEquals(List.of("second", "three"), array());
        assertEquals("2", old.value("select message_count from conversations"));
        agrees();
        say("four");
        assertEquals(List.of("2:second", "3:three", "4:four"), rows());
        update(api, "delete from messages where seq in (2, 4)");
        assertEquals(List.of("three"), array());
        agrees();
    }

    @Test
    void keepsEverythingOnTheWayBack() throws Exception {
        say("three");
        rewrite(element("one"), element("changed"));
        update(
                api,
                "insert into conversations (id, tenant_id, user_id) values ('c0000000-0000-4000-8000-0000000000aa', '%s', '%s')"
                        .formatted(OldDatabase.TENANT_A, OldDatabase.ADA));

        old.succeed(Action.ROLLBACK);

        assertEquals(List.of("one", "changed", "three"), array());
        assertEquals("2", old.value("select count(*) from chat_sessions"));
        update(
                application,
                "update chat_sessions set messages = messages || '[%s]' where id = '%s'"
                        .formatted(element("four"), ID));
        old.succeed(Action.MIGRATE);
        assertEquals(List.of("1:one", "2:changed", "3:three", "4:four"), rows());
    }

    @Test
    void movesTheValidatorWithEveryChange() throws Exception {
        var before = old.value("select updated_at from conversations");
        say("three");
        var after = old.value("select updated_at from conversations");
        assertTrue(after.compareTo(before) > 0, before + " " + after);
        update(
                api,
                "update conversations set title = 'x', updated_at = '2001-01-01', last_seq = 99, message_count = 99");
        assertTrue(old.value("select updated_at from conversations").compareTo(after) > 0);
        assertEquals("3 3", old.value("select format('%s %s', last_seq, message_count) from conversations"));
    }

    @Test
    void answersUpsertsOfTheOldApplication() throws Exception {
        assertEquals(List.of("2"), OldDatabase.query(application, """
                insert into chat_sessions (id, tenant_id, user_id, title, messages) values ('%s', '%s', '%s', 'again', '[%s, 5]')
                on conflict (id) do update set messages = excluded.messages, title = excluded.title
                returning jsonb_array_length(messages)""".formatted(
                        ID, OldDatabase.TENANT_A, OldDatabase.ADA, element("only"))));
        assertEquals(List.of("1:only"), rows());
        agrees();
    }

    @Test
    void countsNothingForAMessageThatIsThereAlready() throws Exception {
        var insert = """
                insert into messages (id, tenant_id, conversation_id, user_id, role, content)
                values ('e0000000-0000-4000-8000-000000000001', '%s', '%s', '%s', 'user', 'retried') on conflict (id) do nothing""".formatted(OldDatabase.TENANT_A, ID, OldDatabase.ADA);
        update(api, insert);
        update(api, insert);
        assertEquals("3 3", old.value("select format('%s %s', last_seq, message_count) from conversations"));
        agrees();
    }

    @Test
    void renamesWithoutReadingTheArray() throws Exception {
        rewrite(element(noise(1_000_000)));
        buffers(application, RENAME.formatted("chat_sessions", "planned")); // which is counted, too
        buffers(api, RENAME.formatted("conversations", "planned"));

        var renamed = buffers(application, RENAME.formatted("chat_sessions", "x"))
                + buffers(api, RENAME.formatted("conversations", "y"));

        var read = buffers(application, "select octet_length(messages::text) from chat_sessions");
        assertTrue(renamed < read, () -> renamed + " to rename it twice, " + read + " to read it");
        agrees();
    }

    private static int buffers(Connection connection, String sql) throws SQLException {
        var plan = String.join("\n", OldDatabase.query(connection, "explain (analyze, buffers, format yaml) " + sql));
        return Pattern.compile("Shared (?:Hit|Read) Blocks: (\\d+)")
                .matcher(plan)
                .results()
                .limit(2) // of the whole
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .sum();
    }

    private static String noise(int length) {
        return new Random(1)
                .ints(length, 'A', 'z')
                .filter(Character::isLetter)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private void say(String content) throws SQLException {
        update(
                api,
                "insert into messages (tenant_id, conversation_id, user_id, role, content) values ('%s', '%s', '%s', 'user', '%s')"
                        .formatted(OldDatabase.TENANT_A, ID, OldDatabase.ADA, content));
    }

    private void rewrite(String... elements) throws SQLException {
        update(
                application,
                "update chat_sessions set messages = '[%s]' where id = '%s'".formatted(String.join(",", elements), ID));
    }

    private void agrees() throws SQLException {
        assertTrue(old.run(Action.VERIFY).succeeded());
    }

    private List<String> rows() throws SQLException {
        return old.query(
                "select seq || ':' || content from messages where conversation_id = '%s' order by seq".formatted(ID));
    }

    private List<String> array() throws SQLException {
        return old.query("select e ->> 'content' from chat_sessions, jsonb_array_elements(messages) e where id = '%s'"
                .formatted(ID));
    }

    private static String element(String content) {
        return "{\"id\":\"m-%1$s\",\"role\":\"user\",\"content\":\"%1$s\"}".formatted(content);
    }

    private static void update(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
