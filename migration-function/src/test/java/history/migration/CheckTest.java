package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckTest {
    private static final String CONTENT = """
            select md5(string_agg(line, '' order by line)) from (
                select m::text as line from messages m union all select c::text from conversations c
                union all select p::text from pg_policies p union all select r.rolname from pg_roles r
                union all select c.oid || coalesce(c.relacl::text, '') from pg_class c) every""";

    private static final String MANY = """
            insert into chat_sessions (tenant_id, user_id, title, messages)
            select '%1$s', '%2$s', 'c' || i, '[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]'
            from generate_series(1, 20) i;
            insert into auth.users values (gen_random_uuid(), 'eve@example.com');
            insert into tenant_users (tenant_id, user_id, role)
            select '%1$s', id, 'user' from auth.users where email = 'eve@example.com'""".formatted(OldDatabase.TENANT_A, OldDatabase.ADA);

    @Some("PLAIN")
    void findsNothingOnAMigratedDatabaseAndChangesNothing(Owner owner) throws Exception {
        try (var old = migrated(PostgresVersion.V15, owner)) {
            var before = old.value(CONTENT);

            var report = old.succeed(Action.CHECK);

            assertEquals(
                    List.of(
                            "anon, authenticated, history_functions may make temporary tables, types and functions, which"
                                    + " nothing here needs."),
                    OldDatabase.ofTheDatabase(report).stream()
                            .map(Finding::finding)
                            .toList());
            assertEquals(
                    List.of("isolation", "list", "list of the tenant", "get", "get its messages"),
                    report.steps().stream().map(StepResult::name).toList());
            var get = report.steps().getLast().detail();
            assertTrue(get.contains("Index Scan on messages_tenant_id_conversation_id_seq_key"), get);
            assertTrue(get.matches(".* [1-9]\\d* buffers, [0-9.]+ ms"), get);
            assertEquals(before, old.value(CONTENT));
            old.execute("revoke temporary on database %s from public"
                    .formatted(old.database().name()));
            old.complete();
            assertEquals(List.of(), OldDatabase.ofTheDatabase(old.succeed(Action.CHECK)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "150018, 15.20",
        "150019, 15.20",
        "150020,",
        "160015, 16.16",
        "160016,",
        "170011, 17.12",
        "170012,",
        "180006, 18.7",
        "180007,",
        "190000,"
    })
    void namesAServerThatShowsHiddenRows(int number, @Nullable String mended) throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN)) {
            var query = SqlFile.text("check/minor_release.sql")
                    .replace("current_setting('server_version_num')", "'" + number + "'");

            var remedies = old.query("select remedy from (%s) q where not blocks".formatted(query));

            assertEquals(mended == null ? 0 : 1, remedies.size());
            assertTrue(
                    remedies.stream().allMatch(it -> it.startsWith("Take " + mended + " or newer; ")),
                    remedies::toString);
        }
    }

    @Test
    void asksForAMinorReleaseInStatusAndCheck() throws Exception {
        try (var old = migrated(PostgresVersion.V15, Owner.SUPERUSER)) {
            var named = old.query(SqlFile.text("check/minor_release.sql").replace("select false as blocks,", "select"));
            for (var action : List.of(Action.STATUS, Action.CHECK)) {
                var findings = old.succeed(action).findings().stream()
                        .map(Finding::finding)
                        .toList();
                assertTrue(findings.containsAll(named), findings::toString);
            }
            assertEquals(
                    List.of(),
                    old.succeed(Action.MIGRATE).findings().stream()
                            .filter(it -> named.contains(it.finding()))
                            .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create policy leak on messages for select to authenticated using (role <> 'x')",
                "create policy leak on conversations for select using (exists (select from tenant_users where user_id = history.user_id()))",
                "alter view chat_sessions set (security_invoker = false)",
                "alter policy own_select on messages using (user_id <> history.user_id())",
                "grant select on history.quarantine to authenticated; alter table history.quarantine disable row level security"
            })
    void namesWhoSeesWhat(String fault) throws Exception {
        try (var old = migrated(PostgresVersion.V18, Owner.SUPERUSER)) {
            old.execute(fault);

            var report = old.run(Action.CHECK);

            assertFalse(report.succeeded());
            assertTrue(
                    report.findings().stream()
                            .anyMatch(it -> it.blocks() && it.finding().contains(" sees ")),
                    report::json);
        }
    }

    @Test
    void namesARightThatIsMissing() throws Exception {
        try (var old = migrated(PostgresVersion.V18, Owner.SUPERUSER)) {
            old.execute("revoke all on schema public from public");

            var report = old.run(Action.CHECK);

            assertFalse(report.succeeded());
            assertTrue(report.json().contains("schema public: authenticated may not use it"), report::json);
            assertTrue(report.json().contains(" may not read public.conversations, and may see "), report::json);
            assertFalse(report.json().contains("Look at the policies"), report::json);
            assertEquals(
                    List.of("isolation"),
                    report.steps().stream().map(StepResult::name).toList());
        }
    }

    @Test
    void namesAStatementThatReadsEverything() throws Exception {
        try (var old = migrated(PostgresVersion.V18, Owner.PLAIN)) {
            old.execute("""
                    drop index conversations_own_list_idx, conversations_tenant_list_idx,
                        idx_chat_sessions_updated_at""");

            var report = old.run(Action.CHECK);

            assertFalse(report.succeeded());
            assertTrue(
                    report.findings().stream()
                            .anyMatch(it -> it.finding().startsWith("\"list\" reads or sorts everything: ")),
                    report::json);
        }
    }

    @Test
    void asksToMigrateFirst() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN)) {
            assertEquals(
                    "Nothing has been migrated.",
                    old.run(Action.CHECK).findings().getFirst().finding());
            assertEquals("null", old.value("select to_regnamespace('history')"));
        }
    }

    private static OldDatabase migrated(PostgresVersion version, Owner owner) throws Exception {
        return OldDatabase.withALongArray(version, owner, MANY, Action.MIGRATE);
    }
}
