package history.migration;

import static history.migration.RollbackTest.ask;
import static history.migration.RollbackTest.turn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** Whoever deletes it, by whatever way: what is gone does not come back by an id, a client's list or a key. */
final class DeletionTest {
    private static final String EXPAND =
            "set role %s; set search_path = history_maintenance, pg_temp; select history.expand()"
                    .formatted(Owner.PLAIN.role());

    @Some("V15")
    void whatClientsOfTheDataApiDeleteStaysDeleted(PostgresVersion version) throws Exception {
        try (var old = RollbackTest.database(version)) {
            old.succeed(Action.MIGRATE);
            for (var complete : List.of(false, true)) {
                if (complete) {
                    old.complete();
                }
                for (var isAda : List.of(true, false)) {
                    turn(old, "claim('Hi', 'm1', key => 'k1%s%s')".formatted(complete, isAda), "Hello");
                    turn(old, "claim('And?', 'm2%s%s', 'a2', key => 'k2%1$s%2$s')".formatted(complete, isAda), "Yes");
                    delete(old, isAda, "messages where content in ('And?', 'Yes')");
                    var again = "select cases.claim('And?', %s, attempt => 'a3')";
                    var names = "%s%s'".formatted(complete, isAda);
                    assertEquals("deleted", ask(old, again.formatted("'m2" + names)));
                    assertEquals("deleted", ask(old, again.formatted("key => 'k2" + names)));
                    turn(
                            old,
                            "claim('So?', 'm3', 'a3', list => 'm1=Hi, a1, m2%s=And?')"
                                    .formatted(names.replace("'", "")),
                            "So");
                    assertEquals("Hi, Hello, So?, So", ask(old, "select cases.shown()"));
                    delete(old, isAda, "conversations");
                    assertEquals("deleted", ask(old, "select cases.claim('Hi', key => 'k1" + names + ")"));
                }
            }
        }
    }

    @Some("V15")
    void aKeyInAnArrayThatIsNoRowsYetIsKept(PostgresVersion version) throws Exception {
        for (var byApi : List.of(true, false)) {
            try (var old = RollbackTest.database(version)) {
                turn(old, "claim('Hi', 'm1', key => 'k1')", "Hello");
                old.execute(EXPAND);
                if (byApi) {
                    assertEquals(
                            "done",
                            ask(old, "select outcome from history.delete_conversation(cases.conversation(), null)"));
                } else {
                    delete(old, true, "conversations");
                }
                assertEquals("deleted", ask(old, "select cases.claim('Hi', 'm1', 'a2', key => 'k1')"));
                turn(old, "claim('Hi', 'm1', 'a2')", "Hello");
            }
        }
    }

    /** Not by the functions, and what hangs on it by nobody. */
    @Some("V15")
    void whatATriggerKeepsIsNotSaidToBeDeleted(PostgresVersion version) throws Exception {
        try (var old = RollbackTest.database(version)) {
            turn(old, "claim('Hi', 'm1')", "Hello");
            old.execute("create function swallow() returns trigger language plpgsql as 'begin return null; end'");
            var trigger = "create trigger swallow before delete on %s for each row execute function swallow()";
            var byApi = "select outcome from history.delete_conversation(cases.conversation(), null)";
            old.execute(trigger.formatted("chat_sessions"));
            assertKept(() -> ask(old, byApi));
            old.execute("drop trigger swallow on chat_sessions; " + EXPAND
                    + "; select history.convert(array(select id from public.conversations))");
            for (var phase : List.of(Action.STATUS, Action.MIGRATE, Action.COMPLETE)) {
                if (phase == Action.MIGRATE) {
                    old.succeed(phase);
                } else if (phase == Action.COMPLETE) {
                    old.complete();
                }
                old.execute(trigger.formatted("messages"));
                assertKept(() -> ask(old, byApi));
                assertKept(() -> delete(old, true, "conversations"));
                assertKept(() -> delete(old, false, "conversations"));
                old.execute("drop trigger swallow on messages");
                assertEquals("Hi, Hello", ask(old, "select cases.shown()"));
                assertEquals("0", old.value("select count(*) from history.deleted"));
            }
            assertEquals("done", ask(old, byApi));
        }
    }

    private static void assertKept(Executable deletion) {
        assertEquals("09000", assertThrows(SQLException.class, deletion).getSQLState());
    }

    /** While it is being made: its end finds neither its row nor its question, and stores it nowhere else. Its key is its question's. */
    @Some("V15")
    void aRunningAnswerThatIsDeletedWithOrWithoutItsQuestionStaysDeleted(PostgresVersion version) throws Exception {
        try (var old = RollbackTest.database(version)) {
            old.succeed(Action.MIGRATE);
            for (var complete : List.of(false, true)) {
                if (complete) {
                    old.complete();
                }
                for (var deleted : List.of("assistant", "user")) {
                    turn(old, "claim('Hi', 'm1')", "Hello");
                    var names = "'%s', 'a2', key => '%1$s')".formatted(deleted + complete);
                    assertEquals("granted, sees Hi Hello", ask(old, "select cases.claim('And?', " + names));
                    var question = ask(old, "select cases.question()");

                    delete(old, true, "messages where role = '" + deleted + "' and seq > 2");

                    assertEquals("f", ask(old, "select cases.flush('Ye', 'a2')"));
                    assertEquals(
                            "missing", ask(old, "select cases.finish('completed', 'Yes', 'a2', '" + question + "')"));
                    assertEquals(
                            "Hi, Hello" + (deleted.equals("user") ? "" : ", And?"), ask(old, "select cases.shown()"));
                    var other = names.replace("'a2'", "'a3'");
                    assertEquals(
                            deleted.equals("user") ? "deleted" : "other request",
                            ask(old, "select cases.claim('Or?', " + other));
                    assertEquals(
                            deleted.equals("user") ? "deleted" : "granted, sees Hi Hello",
                            ask(old, "select cases.claim('And?', " + other));
                    assertEquals(
                            "missing", ask(old, "select cases.finish('completed', 'Yes', 'a2', '" + question + "')"));
                    assertTrue(complete || old.run(Action.VERIFY).succeeded());
                    delete(old, true, "conversations");
                }
            }
        }
    }

    /** Whoever deletes an answer: with its key the question is asked again, or shares the next answer. */
    @Some("V15")
    void theKeyOfADeletedAnswerIsItsQuestions(PostgresVersion version) throws Exception {
        try (var old = RollbackTest.database(version)) {
            old.succeed(Action.MIGRATE);
            for (var complete : List.of(false, true)) {
                if (complete) {
                    old.complete();
                }
                for (var isAda : List.of(true, false)) {
                    var key = "key => 'k%s%s')".formatted(complete, isAda);
                    assertEquals("granted", ask(old, "select cases.claim('Hi', " + key));
                    assertEquals("stored", ask(old, "select cases.finish('failed', '')"));
                    turn(old, "claim('Hi', attempt => 'a2', " + key, "Hello");
                    delete(old, isAda, "messages where role = 'assistant'");
                    turn(old, "claim('Hi', attempt => 'a3', " + key, "Good day");
                    turn(old, "claim('And?', 'm2', 'a4')", "Yes");
                    delete(old, isAda, "messages where content = 'Good day'");
                    assertEquals("answered", ask(old, "select cases.claim('Hi', attempt => 'a5', " + key));
                    assertEquals("other request", ask(old, "select cases.claim('Ho', attempt => 'a5', " + key));
                    assertEquals("Hi, And?, Yes", ask(old, "select cases.shown()"));
                    assertTrue(complete || old.run(Action.VERIFY).succeeded());
                    delete(old, isAda, "conversations");
                    assertEquals("deleted", ask(old, "select cases.claim('Hi', " + key));
                }
            }
        }
    }

    /** Nothing of a user is left, so nothing is known by a key either. */
    @Some("V15")
    void eraseForgetsTheKeys(PostgresVersion version) throws Exception {
        for (var action : List.of(Action.STATUS, Action.MIGRATE)) {
            try (var old = RollbackTest.database(version)) {
                old.succeed(action);
                turn(old, "claim('Hi', 'm1', key => 'k1')", "Hello");
                erase(old);
                assertEquals("t", old.value("select bool_and(erased) from history.deleted"));
            }
        }
    }

    /** By nobody and in no phase, whenever it was erased. */
    @Some("V15")
    void whatIsErasedIsNotStoredAgain(PostgresVersion version) throws Exception {
        for (var phase : Some.ALL
                ? List.of(Action.STATUS, Action.MIGRATE, Action.ROLLBACK, Action.COMPLETE)
                : List.of(Action.STATUS, Action.ROLLBACK)) {
            try (var old = RollbackTest.database(version)) {
                if (phase != Action.STATUS) {
                    old.succeed(Action.MIGRATE);
                }
                turn(old, "claim('Hi', 'm1')", "Hello");
                var id = ask(old, "select cases.conversation()");
                if (phase == Action.ROLLBACK) {
                    old.succeed(Action.ROLLBACK);
                } else if (phase == Action.COMPLETE) {
                    old.complete();
                }
                erase(old);
                assertStaysErased(old, id);
                if (phase != Action.COMPLETE) {
                    old.succeed(Action.MIGRATE);
                    assertStaysErased(old, id);
                    old.succeed(Action.ROLLBACK);
                    assertStaysErased(old, id);
                    old.succeed(Action.MIGRATE);
                    old.complete();
                    assertStaysErased(old, id);
                }
            }
        }
    }

    /** What others do with an id is theirs: neither their deletion nor their word for one makes the owner's forgotten. */
    @Some("V15")
    void anIdIsDeletedForItsUserAlone(PostgresVersion version) throws Exception {
        try (var old = RollbackTest.database(version)) {
            old.succeed(Action.MIGRATE);
            turn(old, "claim('Hi', 'm1')", "Hello");
            var id = ask(old, "select cases.conversation()");
            old.query(
                    "insert into tenant_users (tenant_id, user_id) values ('%s', '%s') on conflict do nothing returning 1"
                            .formatted(OldDatabase.TENANT_B, OldDatabase.BOB));
            try (Connection bob = old.caller(OldDatabase.BOB);
                    var statement = bob.createStatement()) {
                statement.execute("select history.keep_deletion('" + id + "', null)");
            }
            delete(old, true, "conversations");
            assertEquals("deleted", ask(old, "select cases.claim('Ho', 'm1', 'a2', target => 'm1')"));
        }
    }

    private static void assertStaysErased(OldDatabase old, String id) throws Exception {
        var table = old.value("select history.conversation_table()");
        var names = "t".equals(old.value("select to_regclass('public.chat_sessions') is not null"))
                ? List.of("public.chat_sessions", table)
                : List.of(table);
        for (var name : names) {
            for (var change : List.of(
                    "insert into %1$s (id, tenant_id, user_id) values ('%2$s', '%3$s', '%4$s')",
                    "insert into %1$s (tenant_id, user_id) values ('%3$s', '%4$s'); update %1$s set id = '%2$s'")) {
                for (var isAda : List.of(true, false)) {
                    try (Connection client = isAda ? old.caller(OldDatabase.ADA) : old.oldApplication();
                            var statement = client.createStatement()) {
                        var failure = assertThrows(
                                SQLException.class,
                                () -> statement.execute(
                                        change.formatted(name, id, OldDatabase.TENANT_A, OldDatabase.ADA)),
                                name);
                        var refused = change.contains("update") && !table.contains("sessions") ? "23514" : "PT410";
                        assertEquals(refused, failure.getSQLState(), failure::getMessage);
                    }
                }
            }
        }
        if (table.contains("sessions")) {
            var failure = assertThrows(SQLException.class, () -> ask(old, "select cases.claim('Hi', 'm1', 'a2')"));
            assertEquals("PT410", failure.getSQLState());
        } else {
            assertEquals("deleted", ask(old, "select cases.claim('Hi', 'm1', 'a2')"));
        }
        assertEquals("0", old.value("select count(*) from " + table + " where user_id = '" + OldDatabase.ADA + "'"));
    }

    private static void erase(OldDatabase old) throws Exception {
        var report = ForgettingTest.run(
                old,
                "{'action':'erase','user':'%1$s','confirm':'erase 1 conversations of %1$s'}"
                        .formatted(OldDatabase.ADA));
        assertTrue(report.succeeded(), report::json);
    }

    private static void delete(OldDatabase old, boolean isAda, String what) throws Exception {
        try (Connection client = isAda ? old.caller(OldDatabase.ADA) : old.oldApplication();
                var statement = client.createStatement()) {
            assertTrue(statement.executeUpdate("delete from " + what) > 0);
        }
    }
}
