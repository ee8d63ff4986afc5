package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class QuarantineTest {
    private static final String SOME = """
            insert into chat_sessions (id, tenant_id, user_id, messages)
            select ('c0000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, '%s', '%s', '[
                {"role": "user", "content": "q"}, {"role": "tool", "content": "t"},
                {"role": "assistant", "parts": [{"type": "text", "text": "a"}]}, {"role": "assistant", "parts": [{"type": "file"}]}]'
            from generate_series(1, 5) n""".formatted(OldDatabase.TENANT_A, OldDatabase.ADA);

    @Some("V15")
    void isPredictedByReasonWithAnExample(PostgresVersion version) throws Exception {
        try (var old = OldDatabase.empty(version, Owner.PLAIN)) {
            old.execute(SOME);
            var words = List.of(
                    "10 of 20 elements would go to quarantine", "5 role_unknown (e.g. element 2 of conversation c");

            assertSays(old.succeed(Action.STATUS), words);
            old.succeed(Action.PREPARE);
            assertSays(old.succeed(Action.STATUS), words);
            assertEquals("null", old.value("select to_regclass('public.conversations')"));

            var report = old.succeed(Action.MIGRATE);

            assertSays(
                    report,
                    List.of("10 of 20 elements are in quarantine", "5 content_without_text (e.g. element 4 of"));
            assertEquals(10, report.quarantined());
            assertEquals(5, report.quarantinedByReason().get("role_unknown"));
        }
    }

    @Test
    void isPredictedForWhatIsPendingToo() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V15, Owner.SUPERUSER)) {
            old.execute(SOME);
            old.succeed(Action.PREPARE);
            old.execute("select history.expand()");
            old.execute("select history.convert(array(select id from conversations order by id limit 3))");

            assertSays(old.run(Action.STATUS), List.of("4 of 8 elements would go to quarantine"));
        }
    }

    @Test
    void isPredictedFromASampleOfALargeTable() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.SUPERUSER)) {
            old.execute("""
                    alter table chat_sessions alter column messages set storage external;
                    insert into chat_sessions (tenant_id, user_id, messages)
                    select '%s', '%s', jsonb_build_array(jsonb_build_object('role', 'tool', 'content', repeat('x', 100000)))
                    from generate_series(1, 2000) n""".formatted(OldDatabase.TENANT_A, OldDatabase.ADA));

            assertSays(
                    old.succeed(Action.STATUS),
                    List.of(" elements of a sample, 1", " % of the table, would go to quarantine: "));
        }
    }

    @Test
    void isNoSuccessWhenNothingElseIsThere() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.SUPERUSER)) {
            old.execute(SOME);
            old.execute("update chat_sessions set messages = jsonb_build_array(messages -> 1, 17)");

            var report = old.run(Action.MIGRATE);

            assertFalse(report.succeeded());
            assertEquals("migrated", report.phase());
            assertSays(report, List.of("10 of 10 elements are in quarantine"));
        }
    }

    @Some("PLAIN")
    void keepsTheWayBackOpenWhateverIsMadeOfAnEntry(Owner owner) throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V15, owner)) {
            old.execute(SOME);
            old.succeed(Action.MIGRATE);
            var arrays = old.query("select messages from conversations order by id");

            // As docs/migrating.md says, as the owner; and not enough.
            as(
                    old,
                    owner.role(),
                    "update history.quarantine set element = element - 'content' where reason = 'role_unknown'");

            assertSays(
                    old.succeed(Action.VERIFY),
                    List.of("5 entries of the quarantine were edited", "5 content_missing"));
            assertSays(old.succeed(Action.MIGRATE), List.of("5 entries of the quarantine were edited"));
            assertEquals("5", old.value("select count(*) from history.quarantine where original ->> 'content' = 't'"));

            assertSays(old.succeed(Action.ROLLBACK), List.of("5 entries of the quarantine were edited"));
            assertEquals(arrays, old.query("select messages from chat_sessions order by id"));
        }
    }

    @Some("BYPASSES_POLICIES")
    void turnsAnEntryThatIsMendedIntoItsMessage(Owner owner) throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, owner)) {
            old.execute(SOME);
            old.succeed(Action.MIGRATE);

            as(
                    old,
                    owner.role(),
                    "update history.quarantine set element = element - 'role', reason = 'x' where reason = 'role_unknown'");
            as(
                    old,
                    owner.role(),
                    "update history.quarantine set element = element || '{\"role\": \"system\"}' where reason = 'role_missing'");
            old.succeed(Action.MIGRATE);

            assertEquals(
                    List.of("system:t"),
                    old.query("select distinct role || ':' || content from messages where seq = 2"));
            assertEquals(List.of("system"), old.query("select distinct messages -> 1 ->> 'role' from chat_sessions"));
            assertTrue(old.succeed(Action.VERIFY).findings().isEmpty());
        }
    }

    @Test
    void letsNobodyDeleteAnEntryWithoutItsConversation() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN)) {
            old.execute(SOME);
            old.succeed(Action.MIGRATE);

            try (var application = old.oldApplication();
                    var statement = application.createStatement()) {
                var refused = org.junit.jupiter.api.Assertions.assertThrows(
                        SQLException.class, () -> statement.execute("delete from history.quarantine"));
                assertEquals("42501", refused.getSQLState());
                statement.execute(
                        "delete from chat_sessions where id = (select min(id::text)::uuid from chat_sessions)");
            }
            assertEquals("8", old.value("select count(*) from history.quarantine"));
            old.complete();
            old.execute("delete from conversations where id = (select min(id::text)::uuid from conversations)");
            assertEquals("6", old.value("select count(*) from history.quarantine"));
        }
    }

    @Test
    void namesMessagesOfMoreThanAMegabyte() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.SUPERUSER)) {
            old.execute("""
                    insert into chat_sessions (id, tenant_id, user_id, messages)
                    values ('c0000000-0000-4000-8000-000000000001', '%s', '%s', jsonb_build_array(
                        jsonb_build_object('role', 'user', 'content', 'data:image/png;base64,' || repeat('iVBORw0KGgoAAAAN', 100000)),
                        jsonb_build_object('role', 'user', 'content', 'x', 'image', repeat('iVBORw0KGgoAAAAN', 100000)),
                        jsonb_build_object('role', 'user', 'content', 'after it')))""".formatted(OldDatabase.TENANT_A, OldDatabase.ADA));
            var words = List.of("2 messages have more than 1 MB, e.g. element 1 of conversation c0000000");

            assertSays(old.succeed(Action.STATUS), words);
            assertSays(old.succeed(Action.MIGRATE), words);
            assertSays(old.succeed(Action.STATUS), words);
            assertEquals("1600022", old.value("select max(octet_length(content)) from messages"));
            old.succeed(Action.ROLLBACK);
        }
    }

    private static void as(OldDatabase old, String role, String sql) throws SQLException {
        try (var connection = old.database().connect(role);
                var statement = connection.createStatement()) {
            assertEquals(5, statement.executeUpdate(sql), sql);
        }
    }

    private static void assertSays(Report report, List<String> words) {
        var findings = report.findings().stream().map(Finding::finding).toList();
        for (var each : words) {
            assertTrue(findings.stream().anyMatch(it -> it.contains(each)), () -> each + " is not in " + findings);
        }
    }
}
