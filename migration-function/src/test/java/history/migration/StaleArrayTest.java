package history.migration;

import static history.migration.RollbackTest.ask;
import static history.migration.RollbackTest.turn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.SQLException;
import java.util.List;

/** The old application writes back what it had read, after the migration has begun: the API's messages stay, also those that it wrote into the array. */
final class StaleArrayTest {
    private static final String EXPAND =
            "set role %s; set search_path = history_maintenance, pg_temp; select history.expand()"
                    .formatted(Owner.PLAIN.role());

    private enum Way {
        ARRAYS,
        PENDING,
        CONVERTING,
        ROLLED_BACK
    }

    @Some("V15")
    void losesNothingThatTheApiWroteIntoTheArray(PostgresVersion version) throws Exception {
        for (var way : Way.values()) {
            try (var old = RollbackTest.database(version)) {
                turn(old, "claim('Hi', 'm1')", "Hello");
                add(old, array(old), "own");
                var stale = array(old);
                if (way == Way.ROLLED_BACK) {
                    old.succeed(Action.MIGRATE);
                }
                turnWithoutId(old, "And?", 2, "null");
                turnWithoutId(old, "So?", 3, "'k3'");
                assertEquals(
                        "granted",
                        ask(old, "select cases.claim('Or?', 'm4', 'a4')").split(",", 2)[0]);
                assertEquals("stored", ask(old, "select cases.finish('failed', '', 'a4')"));
                if (way == Way.ROLLED_BACK) {
                    old.succeed(Action.ROLLBACK);
                }
                var was = array(old);
                if (way == Way.PENDING || way == Way.CONVERTING) {
                    old.execute(EXPAND);
                } else {
                    old.succeed(Action.MIGRATE);
                }
                if (way == Way.CONVERTING) {
                    old.execute("""
                            set role %s; set search_path = history_maintenance, pg_temp;
                            select history.convert(array[c.id], history.slice(c.messages, 1, 4)) from public.conversations c;
                            insert into history.progress select c.id, 4 from public.conversations c""".formatted(Owner.PLAIN.role()));
                }
                var api = " And? And! So? So! Or?" + (way == Way.ROLLED_BACK ? " " : "");

                add(old, stale, "late");
                old.succeed(Action.MIGRATE);

                for (var i = 0; i < 2; i++) {
                    assertEquals("Hi Hello own" + api + " late", contents(old, i == 1), way.name());
                    assertEquals(
                            "t", old.value("select jsonb_array_length(messages) = message_count from conversations"));
                    old.succeed(Action.VERIFY);
                    add(old, stale, "late");
                }
                old.succeed(Action.ROLLBACK);
                assertEquals(
                        "t",
                        old.value("select messages - -1 = '%s' from chat_sessions".formatted(was.replace("'", "''"))));
                old.succeed(Action.MIGRATE);
                add(old, stale, "later");
                assertEquals("Hi Hello own" + api + " later", contents(old, true), way.name());
                old.succeed(Action.VERIFY);
            }
        }
    }

    @Some("V15")
    void leavesTheOldApplicationWhatIsItsOwn(PostgresVersion version) throws Exception {
        for (var pending : List.of(true, false)) {
            try (var old = RollbackTest.database(version)) {
                turn(old, "claim('Hi', 'm1')", "Hello");
                for (var own : List.of("one", "two", "three")) {
                    add(old, array(old), own);
                }
                turnWithoutId(old, "And?", 2, "null");
                if (pending) {
                    old.execute(EXPAND);
                } else {
                    old.succeed(Action.MIGRATE);
                }

                write(old, "select jsonb_set(messages - 3 - 2, '{2,content}', '\"changed\"') from chat_sessions");
                assertEquals("Hi Hello changed And? And!", contents(old, !pending));
                write(
                        old,
                        "select jsonb_build_array(jsonb_set(messages -> 3, '{content}', '\"forged\"')) from chat_sessions");

                old.succeed(Action.MIGRATE);
                assertEquals("Hi Hello And? And!", contents(old, true));
                write(old, "select '{\"not\": \"an array\"}'::jsonb");
                write(old, "select null::jsonb");
                assertEquals("Hi Hello And? And!", contents(old, true));
                old.succeed(Action.VERIFY);
            }
        }
    }

    /** As the API calls them for a message without an id. */
    private static void turnWithoutId(OldDatabase old, String question, int number, String key) throws SQLException {
        assertEquals("granted", ask(old, """
                select decision from history.claim_turn(
                    conversation => null, chat_id => current_setting('cases.chat'), new_conversation => gen_random_uuid(),
                    message_id => null, new_message => '01970000-0000-7000-8000-00000000000%1$d', content => '%2$s', metadata => null,
                    anew => false, attempt => cases.id('a%1$d'), lease => '1 minute', key => %3$s, key_hash => %3$s, most => 100,
                    characters => 1000)""".formatted(number, question, key)));
        var answer = question.replace("?", "!");
        assertEquals("stored", ask(old, "select cases.finish('completed', '%s', 'a%d')".formatted(answer, number)));
    }

    private static void add(OldDatabase old, String array, String content) throws SQLException {
        write(old, """
                select '%s' || jsonb_build_object('id', gen_random_uuid(), 'content', '%s', 'role', 'user', 'sessionId', id, 'userId', user_id)
                from chat_sessions""".formatted(array.replace("'", "''"), content));
    }

    private static void write(OldDatabase old, String array) throws SQLException {
        try (var application = old.oldApplication();
                var statement = application.createStatement()) {
            statement.execute("update chat_sessions set messages = (%s)".formatted(array));
        }
    }

    private static String array(OldDatabase old) throws SQLException {
        return old.value("select messages from chat_sessions");
    }

    /** Of the array and, if there are any, of the rows. */
    private static String contents(OldDatabase old, boolean rows) throws SQLException {
        var array = old.value(
                "select string_agg(e ->> 'content', ' ') from chat_sessions, jsonb_array_elements(messages) e");
        if (rows) {
            assertEquals(array, old.value("select string_agg(content, ' ' order by seq) from messages where current"));
        }
        return array;
    }
}
