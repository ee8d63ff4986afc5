package history.migration;

import static history.migration.RollbackTest.ask;
import static history.migration.RollbackTest.turn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.Connection;
import java.util.List;

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

    /** Nothing of a user is left, so nothing is known by a key either. */
    @Some("V15")
    void eraseForgetsTheKeys(PostgresVersion version) throws Exception {
        for (var action : List.of(Action.STATUS, Action.MIGRATE)) {
            try (var old = RollbackTest.database(version)) {
                old.succeed(action);
                turn(old, "claim('Hi', 'm1', key => 'k1')", "Hello");
                var report = ForgettingTest.run(
                        old,
                        "{'action':'erase','user':'%1$s','confirm':'erase 1 conversations of %1$s'}"
                                .formatted(OldDatabase.ADA));
                assertTrue(report.succeeded(), report::json);
                turn(old, "claim('Hi', 'm1', 'a2', key => 'k1')", "Hello");
            }
        }
    }

    private static void delete(OldDatabase old, boolean isAda, String what) throws Exception {
        try (Connection client = isAda ? old.caller(OldDatabase.ADA) : old.oldApplication();
                var statement = client.createStatement()) {
            assertTrue(statement.executeUpdate("delete from " + what) > 0);
        }
    }
}
