package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    @Some("V15")
    void whatWasReplacedStaysSo(PostgresVersion version) throws Exception {
        try (var old = database(version)) {
            turn(old, "claim('Hi', 'm1', key => 'k1')", "Hello");
            old.succeed(Action.MIGRATE);
            turn(old, "claim('And?', 'm2', 'a2', key => 'k2')", "Yes");
            turn(old, "claim('So?', attempt => 'a3', key => 'k3')", "So");
            turn(old, "claim('Ho', 'm1', 'a4', key => 'k4')", "Ho ho");
            turn(old, "claim('Hm', 'm9', 'a5', target => 'm1')", "Hm hm");
            for (var rows : List.of(true, false)) {
                if (!rows) {
                    old.succeed(Action.ROLLBACK);
                }
                assertEquals("replaced", ask(old, "select cases.claim('And?', 'm2', 'a6')"));
                assertEquals("replaced", ask(old, "select cases.claim('Or?', 'm3', 'a6', target => 'm2')"));
                assertEquals("not a question", ask(old, "select cases.claim('Or?', 'm3', 'a6', target => 'a2')"));
                assertEquals("deleted", ask(old, "select cases.claim('And?', 'm2', 'a6', key => 'k2')"));
                assertEquals("deleted", ask(old, "select cases.claim('Or?', 'm2', 'a6', key => 'k2')"));
                assertEquals("deleted", ask(old, "select cases.claim('So?', attempt => 'a6', key => 'k3')"));
                assertEquals("answered", ask(old, "select cases.claim('Ho', 'm1', 'a6', key => 'k4')"));
                assertEquals("answered", ask(old, "select cases.claim('Hi', 'm1', 'a6', key => 'k1')"));
                assertEquals("Hm, Hm hm", ask(old, "select cases.shown()"));
            }
            turn(old, "claim('Or?', 'm3', 'a6', list => 'm1=Hi, a1, m2=And?, a2, m4=New')", "Or");
            assertEquals("Hm, Hm hm, New, Or?, Or", ask(old, "select cases.shown()"));
        }
    }

    @Some("V15")
    void whatCameFromAnArrayStaysDeleted(PostgresVersion version) throws Exception {
        try (var old = database(version)) {
            turn(old, "claim('Hi', 'm1')", "Hello");
            turn(old, "claim('And?', 'm2', 'a2')", "Yes");
            old.succeed(Action.MIGRATE);
            assertEquals("done", ask(old, "select cases.delete('m2')"));
            for (var rows : List.of(true, false)) {
                if (!rows) {
                    old.succeed(Action.ROLLBACK);
                }
                assertEquals("deleted", ask(old, "select cases.claim('And?', 'm2', 'a3')"));
                assertEquals("deleted", ask(old, "select cases.claim('Or?', 'm3', 'a3', target => 'm2')"));
                assertEquals("Hi, Hello", ask(old, "select cases.shown()"));
            }
            turn(old, "claim('So?', 'm3', 'a3', list => 'm1=Hi, a1, m2=And?, a2')", "So");
            assertEquals("Hi, Hello, So?, So", ask(old, "select cases.shown()"));
        }
    }

    /** An answer may be deleted alone; then its key is its question's. */
    @Some("V15")
    void aKeyOfADeletedAnswerIsItsQuestions(PostgresVersion version) throws Exception {
        try (var old = database(version)) {
            old.succeed(Action.MIGRATE);
            turn(old, "claim('Hi', key => 'k1')", "Hello");
            assertEquals("done", ask(old, "select cases.delete('a1')"));
            old.succeed(Action.ROLLBACK);
            assertEquals("other request", ask(old, "select cases.claim('Ho', attempt => 'a2', key => 'k1')"));
            turn(old, "claim('Hi', attempt => 'a2', key => 'k1')", "Hello");
            assertEquals("Hi, Hello", ask(old, "select cases.shown()"));
        }
    }

    /** Deleted by the API, or by an owner behind its back. */
    @Some("V15")
    void aChatThatIsUsedAgainHasNothingOfTheOneThatIsGone(PostgresVersion version) throws Exception {
        for (var delete : List.of("select outcome from history.delete_conversation(cases.conversation(), null)", "")) {
            try (var old = database(version)) {
                old.succeed(Action.MIGRATE);
                turn(old, "claim('Hi', 'm1', key => 'k1')", "Hello");
                turn(old, "claim('Ho', 'm1', 'a2')", "Ho ho");
                old.execute(
                        "set search_path = history_maintenance, pg_temp; update public.conversations set archived = true");
                old.succeed(Action.ROLLBACK);
                if (delete.isEmpty()) {
                    old.execute("delete from chat_sessions");
                } else {
                    assertEquals("done", ask(old, delete));
                    assertEquals("0", old.value("select count(*) from history.replaced"));
                    assertEquals("deleted", ask(old, "select cases.claim('Hi', 'm1', 'a3', key => 'k1')"));
                }
                turn(old, "claim('New', 'm1', 'a3')", "Newer");
                old.execute("update chat_sessions set created_at = created_at + interval '1 day'");
                turn(old, "claim('Hi', 'm2', 'a4')", "Hello");
                old.succeed(Action.MIGRATE);
                assertEquals("New, Newer of New, Hi, Hello of Hi", old.value(ALL));
                assertEquals("f", old.value("select bool_or(archived) from conversations"));
                assertEquals("0", old.value("select count(*) from history.replaced"));
            }
        }
    }

    @Some("V15")
    void aKeyOfAToolsResultStaysItsRequests(PostgresVersion version) throws Exception {
        try (var old = database(version)) {
            old.succeed(Action.MIGRATE);
            turn(old, "claim('When?', 'm1', key => 'k1')", "Let me see");
            assertEquals("t", ask(old, "select cases.calls_a_tool('a1')"));
            var result = "select cases.result('output-available', attempt => '%s', key => 'k2', body => '%s')";
            assertEquals("granted: output-available", ask(old, result.formatted("a2", "r")));
            assertEquals("stored", ask(old, "select cases.finish('completed', 'Let me see: noon', 'a2')"));
            for (var expected : List.of("answered: output-available", "deleted: output-available")) {
                for (var i = 0; i < 2; i++) {
                    assertEquals(expected, ask(old, result.formatted("a3", "r")));
                    var other = expected.startsWith("deleted") ? expected : "other request: output-available";
                    assertEquals(other, ask(old, result.formatted("a3", "x")));
                    assertEquals("answered", ask(old, "select cases.claim('When?', 'm1', 'a3', key => 'k1')"));
                    old.succeed(Action.ROLLBACK);
                    assertEquals("other request", ask(old, "select cases.claim('And?', 'm2', 'a3', key => 'k2')"));
                    old.succeed(Action.MIGRATE);
                }
                if (expected.startsWith("answered")) {
                    turn(old, "claim('Where?', 'm1', 'a4')", "Here");
                }
            }
        }
    }

    /** Its end, and the end once more, come to the array; what had been there is known after the next migration, too. */
    @Some("V15")
    void anAnswerThatGoesOnEndsAfterARollback(PostgresVersion version) throws Exception {
        try (var old = database(version)) {
            old.succeed(Action.MIGRATE);
            turn(old, "claim('When?', 'm1')", "Let  me  see");
            assertEquals("t", ask(old, "select cases.calls_a_tool('a1')"));
            for (var end : List.of("incomplete", "completed")) {
                var attempt = end.equals("incomplete") ? "a2" : "a3";
                var text = "Let  me  see: no" + (end.equals("incomplete") ? "" : "on");
                assertEquals(
                        "granted: output-available",
                        ask(
                                old,
                                "select cases.result('output-available', attempt => '%s', lease => '-1 second')"
                                        .formatted(attempt)));
                old.succeed(Action.ROLLBACK);
                for (var i = 0; i < 2; i++) {
                    assertEquals(
                            "stored", ask(old, "select cases.finish('%s', '%s', '%s')".formatted(end, text, attempt)));
                }
                old.succeed(Action.MIGRATE);
                assertEquals(
                        end.equals("incomplete") ? "Let me see / : no" : "Let me see / : noon",
                        old.value("select cases.texts(parts) from messages where parts is not null"));
            }
            assertEquals("When?, Let  me  see: noon", ask(old, "select cases.shown()"));
        }
    }

    /** The migration makes rows whose content and parts differ in blanks. */
    @Some("V15")
    void anAnswerOfAnArrayThatWentOnIsInTheArray(PostgresVersion version) throws Exception {
        try (var old = database(version)) {
            turn(old, "claim('When?', 'm1')", "wait");
            old.execute("""
                    update chat_sessions set messages = jsonb_set(messages, '{1}', (messages -> 1) || '{"parts": [
                        {"type": "text", "text": "  wait\\n"}, {"type": "tool-time", "toolCallId": "c1", "state": "input-available"}]}')""");
            old.succeed(Action.MIGRATE);
            assertEquals("granted: output-available", ask(old, "select cases.result('output-available')"));
            assertEquals("stored", ask(old, "select cases.finish('completed', 'wait: noon', 'a2')"));
            for (var i = 0; i < 2; i++) {
                assertEquals("When?, wait: noon", ask(old, "select cases.shown()"));
                assertEquals(
                        "  wait\n / : noon",
                        old.value("select cases.texts(parts) from messages where parts is not null"));
                assertEquals(
                        "answered: output-available",
                        ask(old, "select cases.result('output-available', attempt => 'a3')"));
                old.succeed(Action.VERIFY);
                old.succeed(Action.ROLLBACK);
                old.succeed(Action.MIGRATE);
            }
        }
    }

    /** Nothing names it but its text. */
    @Some("V15")
    void whatFailedInTheArrayIsTriedAgainByItsText(PostgresVersion version) throws Exception {
        try (var old = database(version)) {
            assertEquals("granted", ask(old, "select cases.claim('Hi')"));
            assertEquals("stored", ask(old, "select cases.finish('failed', '')"));
            old.succeed(Action.MIGRATE);
            turn(old, "claim('Hi', attempt => 'a2')", "Hello");
            assertEquals("Hi, Hello", ask(old, "select cases.shown()"));
            turn(old, "claim('Hi', attempt => 'a3')", "Hello again");
            assertEquals("Hi, Hello, Hi, Hello again", ask(old, "select cases.shown()"));
        }
    }

    @Some("V15")
    void whatFailsAfterARollbackIsTriedAgain(PostgresVersion version) throws Exception {
        for (var claim : List.of("claim('And?', 'm2', '%s')", "claim('And?', attempt => '%s', key => 'k2')")) {
            for (var end : List.of("failed", "incomplete")) {
                try (var old = database(version)) {
                    old.succeed(Action.MIGRATE);
                    turn(old, "claim('Hi', 'm1')", "Hello");
                    assertEquals("granted, sees Hi Hello", ask(old, "select cases." + claim.formatted("a2")));
                    assertEquals("true", ask(old, "select cases.flush('Y', 'a2')::text"));
                    old.succeed(Action.ROLLBACK);
                    var text = end.equals("failed") ? "" : "Y";
                    for (var i = 0; i < 2; i++) {
                        assertEquals("stored", ask(old, "select cases.finish('%s', '%s', 'a2')".formatted(end, text)));
                        assertEquals("Hi, Hello, And?", ask(old, "select cases.shown()"));
                    }
                    turn(old, claim.formatted("a3"), "Yes");
                    for (var i = 0; i < 2; i++) {
                        assertEquals("answered", ask(old, "select cases." + claim.formatted("a4")));
                        assertEquals("Hi, Hello, And?, Yes", ask(old, "select cases.shown()"));
                        old.succeed(Action.MIGRATE);
                    }
                    old.succeed(Action.VERIFY);
                }
            }
        }
    }

    /** Whoever has the revision has what is shown, on either side, and it never shrinks. */
    @Some("V15")
    void aRevisionIsOfOneState(PostgresVersion version) throws Exception {
        var state = "select (r.conversation).revision || ' ' || (r.conversation).archived || ' ' || "
                + "string_agg((r.message).content || (r.message).status, ', ' order by (r.message).seq) "
                + "from history.get_conversation(null, current_setting('cases.chat'), 1000000, 100, 1000000) r "
                + "group by (r.conversation).revision, (r.conversation).archived";
        for (var archived : List.of(true, false)) {
            try (var old = database(version)) {
                old.succeed(Action.MIGRATE);
                turn(old, "claim('Hi', 'm1')", "Hello");
                if (archived) {
                    ask(old, "update conversations set archived = true returning id");
                } else {
                    ask(old, "select cases.claim('And?', 'm2', 'a2')");
                    ask(old, "select cases.flush('Y', 'a2')");
                    assertEquals("Y (stopped)", ask(old, "select cases.stop()"));
                }
                var before = ask(old, state).split(" ", 2);
                for (var i = 0; i < 4; i++) {
                    old.succeed(i % 2 == 0 ? Action.ROLLBACK : Action.MIGRATE);
                    var after = ask(old, state).split(" ", 2);
                    assertNotEquals(before[1], after[1]);
                    assertTrue(Long.parseLong(before[0]) < Long.parseLong(after[0]), before[0] + ", " + after[0]);
                    before = after;
                }
            }
        }
    }

    /** Its time is not over yet. */
    @Some("V15")
    void anAttemptThatEndedInTheArrayIsOverAfterTheMigration(PostgresVersion version) throws Exception {
        for (var end : List.of("completed", "failed", "running")) {
            try (var old = database(version)) {
                old.succeed(Action.MIGRATE);
                turn(old, "claim('Hi', 'm1')", "Hello");
                assertEquals("granted", ask(old, "select cases.claim('Hi', 'm1', 'a2', anew => true)"));
                old.succeed(Action.ROLLBACK);
                if (!end.equals("running")) {
                    assertEquals("stored", ask(old, "select cases.finish('%s', '', 'a2')".formatted(end)));
                }
                old.succeed(Action.MIGRATE);
                assertEquals(
                        end.equals("running") ? "busy" : "granted",
                        ask(old, "select cases.claim('Hi', 'm1', 'a3', anew => true)"));
            }
        }
    }

    static OldDatabase database(PostgresVersion version) throws Exception {
        return OldDatabase.empty(
                version,
                Owner.PLAIN,
                Action.PREPARE,
                OldDatabase.resource("turn_cases.sql").split("\n-- # ", 2)[0]);
    }

    /** Claims a turn and answers it. */
    static void turn(OldDatabase old, String claim, String answer) throws SQLException {
        assertEquals("granted", ask(old, "select cases." + claim).split(",", 2)[0]);
        var attempt = claim.matches(".*'a\\d'.*") ? claim.replaceFirst(".*'(a\\d)'.*", "$1") : "a1";
        var finish = "select cases.finish('completed', '%s', '%s')".formatted(answer, attempt);
        assertEquals("stored", ask(old, finish));
    }

    static String ask(OldDatabase old, String sql) throws SQLException {
        try (Connection ada = old.caller(OldDatabase.ADA)) {
            OldDatabase.query(ada, "select set_config('cases.chat', '%s', false)".formatted(OldDatabase.BOB));
            return OldDatabase.query(ada, sql).getFirst();
        }
    }
}
