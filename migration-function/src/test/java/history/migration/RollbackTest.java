package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What turns find after a rollback, and after the migration that follows it. The functions of {@code turn_cases.sql} are the client. */
final class RollbackTest {
    private static final String ALL = """
            select string_agg(concat_ws(' ', m.content, case when not m.current then '-' end,
                    (select 'of ' || q.content from messages q where q.id = m.reply_to),
                    (select 'once ' || q.content from messages q where q.id = history.to_uuid(m.metadata ->> 'edit_of'))), ', ' order by m.seq)
            from messages m where not m.metadata ? 'version_of'""";

    @Some("V15")
    void noReplacedMessageIsLost(PostgresVersion version) throws Exception {
        try (var old = database(version)) {
            turn(old, "claim('Hi', 'm1')", "Hello");
            turn(old, "claim('And?', 'm2', 'a2')", "Yes");
            old.succeed(Action.MIGRATE);
            turn(old, "claim('Ho', 'm1', 'a3', target => 'm1')", "Ho ho");
            turn(old, "claim('So?', 'm4', 'a4')", "So");
            turn(old, "claim(null, null, 'a5', true, target => 'm4')", "So so");
            assertEquals(
                    "Ho, Hello - of Hi, And? -, Yes - of And?, Hi - once Ho, Ho ho of Ho, So?, So - of So?, So so of So?",
                    old.value(ALL));
            for (var more : List.of("claim('More', 'm6', 'a6')", "claim('Most', 'm7', 'a7')")) {
                old.succeed(Action.ROLLBACK);
                turn(old, more, "More");
                old.succeed(Action.MIGRATE);
                old.succeed(Action.VERIFY);
                var shown = "Ho, Ho ho of Ho, So?, So so of So?, More, More of More, "
                        + (more.contains("Most") ? "Most, More of Most, " : "");
                assertEquals(shown + "Hello - of Hi, And? -, Yes - of And?, Hi - once Ho, So - of So?", old.value(ALL));
                assertEquals("0", old.value("select count(*) from history.replaced"));
            }
        }
    }

    /** The id in reply_to was derived from a place that another message has now. */
    @Some("V15")
    void anAnswerStaysItsQuestionsWhenThePlacesShift(PostgresVersion version) throws Exception {
        try (var old = database(version)) {
            turn(old, "claim('Hi', 'm1')", "Hello");
            turn(old, "claim('And?', attempt => 'a2', key => 'k2')", "Yes");
            old.succeed(Action.MIGRATE);
            assertEquals("done", ask(old, "select cases.delete('a2')"));
            turn(old, "claim('And?', attempt => 'a4', key => 'k2')", "Yes");
            turn(old, "claim('So?', 'm3', 'a5', key => 'k3')", "So");
            assertEquals("done", ask(old, "select cases.delete('m1')"));
            for (var i = 0; i < 2; i++) {
                old.succeed(Action.ROLLBACK);
                old.succeed(Action.MIGRATE);
                assertEquals("And?, Yes of And?, So?, So of So?", old.value(ALL));
                assertEquals("answered", ask(old, "select cases.claim('And?', attempt => 'a6', key => 'k2')"));
                assertEquals("answered", ask(old, "select cases.claim('So?', 'm3', 'a6', key => 'k3')"));
            }
        }
    }

    @Some("V15")
    void aKeyOfARowIsKnownInTheArray(PostgresVersion version) throws Exception {
        try (var old = database(version)) {
            old.succeed(Action.MIGRATE);
            turn(old, "claim('Hi', key => 'k1')", "Hello");
            assertEquals(
                    "granted, sees Hi Hello", ask(old, "select cases.claim('And?', attempt => 'a2', key => 'k2')"));
            old.succeed(Action.ROLLBACK);
            assertEquals("answered", ask(old, "select cases.claim('Hi', attempt => 'a3', key => 'k1')"));
            assertEquals("other request", ask(old, "select cases.claim('Ho', attempt => 'a3', key => 'k1')"));
            assertEquals("busy", ask(old, "select cases.claim('And?', attempt => 'a3', key => 'k2')"));
            assertEquals("stored", ask(old, "select cases.finish('completed', 'Yes', 'a2')"));
            assertEquals("answered", ask(old, "select cases.claim('And?', attempt => 'a3', key => 'k2')"));
            assertEquals("Hi, Hello, And?, Yes", ask(old, "select cases.shown()"));
        }
    }

    @Some("V15")
    void whatWasDeletedStaysSo(PostgresVersion version) throws Exception {
        try (var old = database(version)) {
            old.succeed(Action.MIGRATE);
            turn(old, "claim('Hi', 'm1')", "Hello");
            turn(old, "claim('And?', 'm2', 'a2', key => 'k2')", "Yes");
            assertEquals("done", ask(old, "select cases.delete('m2')"));
            old.succeed(Action.ROLLBACK);
            assertEquals("deleted", ask(old, "select cases.claim('And?', 'm2', 'a3')"));
            assertEquals("deleted", ask(old, "select cases.claim('And?', attempt => 'a3', key => 'k2')"));
            turn(old, "claim('So?', 'm3', 'a3', list => 'm1=Hi, a1, m2=And?')", "So");
            assertEquals("Hi, Hello, So?, So", ask(old, "select cases.shown()"));
        }
    }

    private static OldDatabase database(PostgresVersion version) throws Exception {
        return OldDatabase.empty(
                version,
                Owner.PLAIN,
                Action.PREPARE,
                OldDatabase.resource("turn_cases.sql").split("\n-- # ", 2)[0]);
    }

    /** Claims a turn and answers it. */
    private static void turn(OldDatabase old, String claim, String answer) throws SQLException {
        assertEquals("granted", ask(old, "select cases." + claim).split(",", 2)[0]);
        var attempt = claim.matches(".*'a\\d'.*") ? claim.replaceFirst(".*'(a\\d)'.*", "$1") : "a1";
        var finish = "select cases.finish('completed', '%s', '%s')".formatted(answer, attempt);
        assertEquals("stored", ask(old, finish));
    }

    private static String ask(OldDatabase old, String sql) throws SQLException {
        try (Connection ada = old.caller(OldDatabase.ADA)) {
            OldDatabase.query(ada, "select set_config('cases.chat', '%s', false)".formatted(OldDatabase.BOB));
            return OldDatabase.query(ada, sql).getFirst();
        }
    }
}
