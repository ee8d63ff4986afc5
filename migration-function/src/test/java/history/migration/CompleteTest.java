package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CompleteTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"", "yes", "drop arrays", "drop 18 arrays", "drop 20 arrays", "drop 19 arrays; drop 19 arrays"})
    void refusesWithoutTheWordsThatStatusShows(String confirm) throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN, Action.MIGRATE)) {
            assertEquals("drop 19 arrays", old.succeed(Action.STATUS).confirm());

            var report = Migration.of(old.environment()).run(Action.COMPLETE, confirm);

            assertFalse(report.succeeded());
            assertEquals("migrated", report.phase());
            assertEquals(
                    "If you mean it, confirm it: drop 19 arrays",
                    report.findings().getFirst().remedy());
            assertEquals("19", old.value("select count(*) from chat_sessions"));
        }
    }

    @Test
    void letsANumberPassThatIsAHundredthOff() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN)) {
            old.execute("insert into chat_sessions (tenant_id, user_id) select '%s', '%s' from generate_series(1, 250)"
                    .formatted(OldDatabase.TENANT_A, OldDatabase.ADA));
            old.succeed(Action.MIGRATE);

            assertEquals("true,true,false", old.value("""
                    select concat_ws(',', history.is_confirmed('drop 248 arrays')::text,
                        history.is_confirmed('drop 252 arrays')::text, history.is_confirmed('drop 253 arrays')::text)"""));
        }
    }

    @Test
    void namesTheConversationsThatDifferAndKeepsTheArrays() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN, Action.MIGRATE)) {
            var lost = old.value("select conversation_id from messages where content = 'I am Bob'");
            old.execute("set session_replication_role = replica; delete from messages where content = 'I am Bob'");

            var report = Migration.of(old.environment()).run(Action.COMPLETE, "drop 19 arrays");

            assertFalse(report.succeeded());
            assertEquals("migrated", report.phase());
            assertTrue(
                    report.steps().getLast().detail().contains("1 conversations differ from their rows: " + lost),
                    report::json);
            var byHand =
                    assertThrows(SQLException.class, () -> old.execute("select history.complete('drop 19 arrays')"));
            assertTrue(String.valueOf(byHand.getMessage()).contains(lost), byHand.getMessage());
            assertEquals("19", old.value("select count(*) from chat_sessions"));
        }
    }

    @Test
    void isConfirmedByHandToo() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V15, Owner.PLAIN, Action.MIGRATE)) {
            for (var said : new String[] {"", "'drop 7 arrays'"}) {
                var refused = assertThrows(
                        SQLException.class, () -> old.execute("select history.complete(%s)".formatted(said)));
                assertTrue(
                        String.valueOf(refused.getMessage()).contains("select history.complete('drop 19 arrays');"),
                        refused.getMessage());
            }

            old.execute("select history.complete('drop 19 arrays')");

            assertEquals("complete", old.succeed(Action.STATUS).phase());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "insert into chat_sessions (tenant_id; user_id; messages) values ('%1$s'; '%2$s'; '[{\"role\":\"user\"; \"content\":\"x\"}]')",
        "update chat_sessions set messages = '[]' where title = 'Bob'"
    })
    void saysWhenTheOldNameWasLastWritten(String write) throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN, Action.MIGRATE)) {
            old.execute(
                    "update chat_sessions set title = 'Bob' where title = 'Bob'; delete from messages where content = 'x'");
            assertTrue(lastUse(old).startsWith("No array was written through the old name"), lastUse(old));

            try (var application = old.oldApplication();
                    var statement = application.createStatement()) {
                statement.execute("set application_name = 'old app'");
                statement.execute(write.replace(';', ',').formatted(OldDatabase.TENANT_A, OldDatabase.ADA));

                assertTrue(
                        lastUse(old)
                                .matches(
                                        "An array was last written through the old name chat_sessions at about 20.*old app.*"),
                        lastUse(old));
            }
            assertTrue(lastUse(old).endsWith("the last statement of no open connection names it."), lastUse(old));
        }
    }

    private static String lastUse(OldDatabase old) throws SQLException {
        return old.value("select history.old_name()");
    }
}
