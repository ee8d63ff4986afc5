package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ForgettingTest {
    /** Ada's words wherever there is a place for words, and one of Bob's that must stay. */
    private static final String WORDS = """
            insert into public.chat_sessions (id, tenant_id, user_id, title, messages, metadata)
            select ('e0000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, '%1$s', '%2$s', case i when 1 then '' else 'qzx title' end,
                case i when 1 then '[{"role":"tool","content":"qzx tool"},{"role":"user","content":"qzx user"}]'
                    when 2 then to_jsonb('qzx no array'::text)
                    else jsonb_build_array(jsonb_build_object('role', 'user', 'content', 'qzx ' || (
                        select string_agg(encode(sha256(int4send(n)), 'base64'), '') from generate_series(1, 300) n))) end,
                '{"a":"qzx metadata"}'
            from generate_series(1, 3) i;
            update public.chat_sessions set messages = '[{"role":"user","content":"bobsword"}]' where user_id = '%3$s';
            """.formatted(OldDatabase.TENANT_A, OldDatabase.ADA, OldDatabase.BOB);

    private static final String MORE_WORDS = """
            set role owner_plain;
            set search_path = history_maintenance, pg_temp;
            update public.conversations set labels = '{qzx label}' where user_id = '%1$s';
            insert into public.messages (tenant_id, conversation_id, user_id, seq, role, content, metadata, current, client_id, request_key, parts)
            select tenant_id, id, user_id, last_seq + 1, 'assistant', 'qzx replaced', '{"a":"qzx"}', false, 'qzx client', 'qzx key', '["qzx part"]'
            from public.conversations where user_id = '%1$s' limit 1;
            update public.conversations c set last_seq = last_seq + 1
            where exists (select from public.messages m where m.conversation_id = c.id and not m.current);
            update history.quarantine set element = '"qzx edited"', original = element where element ->> 'content' = 'qzx tool'
            """.formatted(OldDatabase.ADA);

    private static final String TURNS = """
            insert into history.granted_turns (tenant_id, user_id, moments)
            select '%s', person::uuid, array[now()] from unnest(array['%s', '%s']) person""".formatted(OldDatabase.TENANT_A, OldDatabase.ADA, OldDatabase.BOB);

    @Test
    void aUserWithoutConversationsLeavesNoTurnsEither() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN, Action.MIGRATE, TURNS)) {
            for (var tenant : List.of(OldDatabase.TENANT_B, OldDatabase.TENANT_A)) {
                var report =
                        run(old, "{'action':'erase','user':'%s','tenant':'%s'}".formatted(OldDatabase.ADA, tenant));
                assertTrue(report.succeeded(), report::json);
                assertEquals(
                        tenant.equals(OldDatabase.TENANT_A) ? "1" : "2",
                        old.value("select count(*) from history.granted_turns"));
            }
        }
    }

    @Test
    void statusNamesTheTenantsWhoseLimitIsNone() throws Exception {
        var settings =
                "update public.tenants set settings = '{\"limit_turns_per_minute\": \"many\", \"limit_tokens_per_day\": \"none\"}'"
                        + " where id = '%s'".formatted(OldDatabase.TENANT_A);
        for (var action : List.of(Action.PREPARE, Action.MIGRATE)) {
            try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN, action, settings)) {
                assertEquals(
                        List.of(
                                "limit_turns_per_minute in the settings of these tenants is no limit, and the functions' own"
                                        + " limit holds: " + OldDatabase.TENANT_A + "."),
                        old.findings().stream()
                                .map(Finding::finding)
                                .filter(it -> it.contains("limit"))
                                .toList());
                old.execute("alter table tenants rename settings to config; alter table tenants rename status to state;"
                        + " update tenants set state = 'suspended'");
                var findings = old.succeed(Action.STATUS).findings().toString();
                assertTrue(findings.contains(
                        "Column config of tenants holds what the functions and prune read from settings"));
                assertTrue(findings.contains("alter table public.tenants rename column state to status;"), findings);
                old.execute("alter table tenants drop config, drop state");
                assertFalse(old.succeed(Action.STATUS).findings().toString().contains("of tenants holds"));
            }
        }
    }

    static Report run(OldDatabase old, String event) throws IOException {
        return Migration.of(old.environment())
                .run(Order.from(Report.JSON.readTree(event.replace('\'', '"'))), TimeLeft.UNLIMITED, step -> {});
    }

    private static void expand(OldDatabase old) {
        assertThrows(
                IllegalStateException.class,
                () -> Migration.of(old.environment()).run(new Order(Action.MIGRATE, ""), TimeLeft.UNLIMITED, step -> {
                    if (step.name().equals("expand")) {
                        throw new IllegalStateException("killed");
                    }
                }));
    }

    @ParameterizedTest
    @EnumSource(names = {"PREPARED", "EXPANDED", "MIGRATED", "COMPLETE"})
    void nothingOfAUserIsLeft(Phase phase) throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN, WORDS, Action.MIGRATE, MORE_WORDS)) {
            switch (phase) {
                case COMPLETE -> old.complete();
                case PREPARED -> old.succeed(Action.ROLLBACK);
                case EXPANDED -> {
                    old.succeed(Action.ROLLBACK);
                    expand(old);
                }
                default -> {}
            }
            assertEquals(phase.word(), old.succeed(Action.STATUS).phase());
            old.execute("analyze; checkpoint");
            assertEquals(List.of(true, true), found(old, "qzx", "bobsword"));
            old.execute(TURNS);
            var event = "{'action':'erase','user':'%s'%s}".formatted(OldDatabase.ADA, "%s");

            var asked = run(old, event.formatted(""));

            assertFalse(asked.succeeded());
            var words = asked.findings().getFirst().remedy().replaceFirst("If you mean it, confirm it: ", "");
            assertEquals("erase 21 conversations of " + OldDatabase.ADA, words);
            assertFalse(tablesWith(old, "qzx").isEmpty());

            var report = run(old, event.formatted(",'confirm':'" + words + "'"));

            assertTrue(report.succeeded(), report::json);
            var receipt =
                    Report.JSON.readTree(report.steps().getLast().detail()).path(0);
            assertEquals(21, receipt.path("deleted").path("conversations").asInt(), receipt::toString);
            assertEquals(OldDatabase.ADA, receipt.path("user_id").asText());
            assertEquals(
                    receipt.path("deleted").toString().replaceAll("\\s", ""),
                    old.value("select deleted from history.receipt where ended_at is not null")
                            .replaceAll("\\s", ""));
            assertEquals("21", old.value("select count(*) from history.deleted"));
            assertEquals(List.of(OldDatabase.BOB), old.query("select user_id from history.granted_turns"));
            assertEquals(List.of(), tablesWith(old, "qzx"));
            assertEquals(
                    List.of(),
                    old.query("select tablename || '.' || attname from pg_stats s where s::text like '%qzx%'"));
            assertEquals("1", old.value("select count(*) from " + old.value("select history.conversation_table()")));
            old.execute("vacuum full");
            old.execute("checkpoint");
            assertEquals(List.of(false, true), found(old, "qzx", "bobsword"));
            assertEquals(
                    List.of(),
                    old.findings().stream()
                            .filter(it -> !it.finding().startsWith("migrate will take"))
                            .toList());
        }
    }

    /** Whether the files of the database hold these words. */
    private static List<Boolean> found(OldDatabase old, String... words) throws Exception {
        var found = new ArrayList<>(List.of(words).stream().map(word -> false).toList());
        var folder = Path.of(
                old.value("select current_setting('data_directory')"),
                "base",
                old.value("select oid from pg_database where datname = current_database()"));
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                var text = Files.readString(file, StandardCharsets.ISO_8859_1);
                for (var i = 0; i < words.length; i++) {
                    found.set(i, found.get(i) || text.contains(words[i]));
                }
            }
        }
        return found;
    }

    private static List<String> tablesWith(OldDatabase old, String word) throws Exception {
        var tables = new ArrayList<String>();
        for (var table : old.query("""
                select c.oid::regclass::text from pg_class c
                where c.relkind in ('r', 'v', 'm') and c.relnamespace in ('public'::regnamespace, 'history'::regnamespace)""")) {
            if (!old.value("select count(*) from %s t where t::text like '%%%s%%'".formatted(table, word))
                    .equals("0")) {
                tables.add(table);
            }
        }
        return tables;
    }

    @Test
    void goesOnInTheNextCallWithTheSameReceipt() throws Exception {
        try (var old = OldDatabase.empty(
                PostgresVersion.V15,
                Owner.PLAIN,
                """
                insert into public.chat_sessions (tenant_id, user_id, messages)
                select '%s', '%s', '[{"role":"user","content":"x"}]' from generate_series(1, 100)""".formatted(OldDatabase.TENANT_A, OldDatabase.ADA),
                Action.MIGRATE)) {
            var order = new Order(
                    Action.ERASE,
                    "erase 100 conversations of " + OldDatabase.ADA,
                    false,
                    null,
                    UUID.fromString(OldDatabase.ADA),
                    null);

            var first = Migration.of(old.environment()).run(order, new TimeLeft(() -> 0), step -> {});

            assertTrue(first.callAgain(), first::json);
            assertTrue(Integer.parseInt(old.value("select count(*) from conversations")) > 0);
            assertTrue(Migration.of(old.environment()).run(order).succeeded());
            assertEquals("0", old.value("select count(*) from conversations"));
            assertEquals(List.of("100 100"), old.query("""
                    select concat_ws(' ', deleted ->> 'conversations', deleted ->> 'messages') from history.receipt where ended_at is not null"""));
        }
    }

    /** A batch whose rows somebody keeps is not done at all, and no receipt counts it. */
    @ParameterizedTest
    @CsvSource({"STATUS, chat_sessions", "MIGRATE, conversations", "MIGRATE, messages"})
    void deletesNothingOfABatchThatATriggerOrARuleKeeps(Action action, String table) throws Exception {
        try (var old = OldDatabase.empty(
                PostgresVersion.V18,
                Owner.PLAIN,
                """
                insert into public.chat_sessions (tenant_id, user_id, messages)
                select '%s', '%s', '[{"role":"user","content":"x"},{"role":"user","content":"y"}]' from generate_series(1, 2)""".formatted(OldDatabase.TENANT_A, OldDatabase.ADA),
                Action.PREPARE,
                action,
                "create function swallow() returns trigger language plpgsql as 'begin return null; end'")) {
            var stored = "select count(*) || ' ' || (select count(*) from %s) from %s"
                    .formatted(table, old.value("select history.conversation_table()"));
            var before = old.value(stored);
            var event = "{'action':'erase','user':'%1$s','confirm':'erase 2 conversations of %1$s'}"
                    .formatted(OldDatabase.ADA);
            for (var swallow : List.of(
                    "trigger swallow before delete on %s for each row execute function swallow()",
                    "rule swallow as on delete to %s do instead nothing")) {
                old.execute("create " + swallow.formatted(table));

                var report = run(old, event);

                assertFalse(report.succeeded(), report::json);
                assertTrue(
                        report.json().contains("A trigger or a rule of public." + table + " kept a row"), report::json);
                assertEquals(before, old.value(stored));
                assertEquals(
                        "0 0",
                        old.value(
                                "select (select count(*) from history.receipt) || ' ' || count(*) from history.deleted"));
                old.execute("drop " + swallow.replaceFirst(" swallow .*", " swallow on ") + table);
            }
            assertTrue(run(old, event).succeeded());
            assertEquals("0 0", old.value(stored));
        }
    }

    @Test
    void prunesWhatATenantNoLongerKeeps() throws Exception {
        try (var old = OldDatabase.empty(
                PostgresVersion.V18,
                Owner.PLAIN,
                """
                insert into public.chat_sessions (tenant_id, user_id, title, created_at, updated_at)
                select t.tenant, t.person, days, now() - make_interval(days => days), now() - make_interval(days => days)
                from (values ('%s'::uuid, '%s'::uuid), ('%s', '%s')) t(tenant, person), unnest(array[1, 29, 31, 400]) days
                """.formatted(OldDatabase.TENANT_A, OldDatabase.ADA, OldDatabase.TENANT_B, OldDatabase.BOB),
                Action.MIGRATE)) {
            old.execute("update tenants set settings = '{\"retention_days\": 30}' where id = '%s'"
                    .formatted(OldDatabase.TENANT_A));
            for (var wrong : List.of("\"30 days\"", "0", "-1", "1.5", "\"30\"", "true")) {
                old.execute("update tenants set settings = '{\"retention_days\": %s}' where id = '%s'"
                        .formatted(wrong, OldDatabase.TENANT_B));
                var report = run(old, "{'action':'prune','confirm':'prune 100 conversations'}");
                assertFalse(report.succeeded(), wrong);
                assertTrue(report.json().contains(OldDatabase.TENANT_B), report::json);
            }
            old.execute("update tenants set settings = null where id = '%s'".formatted(OldDatabase.TENANT_B));
            assertFalse(run(old, "{'action':'prune','confirm':'prune 1 conversations'}")
                    .succeeded());
            old.execute("alter table tenants force row level security");
            assertFalse(run(old, "{'action':'prune','confirm':'prune 9 conversations'}")
                    .succeeded());
            old.execute("alter table tenants no force row level security");
            assertEquals("8", old.value("select count(*) from conversations"));
            old.execute("""
                    set session_replication_role = replica;
                    insert into messages (id, tenant_id, conversation_id, user_id, seq, role, content, current)
                    select gen_random_uuid(), c.tenant_id, c.id, c.user_id, 1, 'assistant', 'Hel', false
                    from conversations c where c.tenant_id = '%s' and c.title = '31';
                    reset session_replication_role""".formatted(OldDatabase.TENANT_A)); // an answer is made anew

            assertTrue(run(old, "{'action':'prune','confirm':'prune 9 conversations'}")
                    .succeeded());

            assertEquals(
                    Map.of(OldDatabase.TENANT_A, "1 29 31", OldDatabase.TENANT_B, "1 29 31 400"),
                    Map.of(
                            OldDatabase.TENANT_A,
                            titles(old, OldDatabase.TENANT_A),
                            OldDatabase.TENANT_B,
                            titles(old, OldDatabase.TENANT_B)));
            var again = run(old, "{'action':'prune'}");
            assertTrue(again.succeeded(), again::json);
            assertEquals("There is nothing to delete.", again.steps().getLast().detail());
            old.succeed(Action.VERIFY);
        }
    }

    private static String titles(OldDatabase old, String tenant) throws Exception {
        return old.value(
                "select string_agg(title, ' ' order by title::integer) from conversations where tenant_id = '%s'"
                        .formatted(tenant));
    }

    @Test
    void usageIsForAdminsAndOps() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V15, Owner.PLAIN, Action.MIGRATE)) {
            old.execute("""
                    set search_path = history_maintenance, pg_temp;
                    delete from public.messages where role = 'assistant';
                    insert into public.messages (tenant_id, conversation_id, user_id, seq, role, content, current, model, input_tokens,
                        output_tokens, created_at)
                    select c.tenant_id, c.id, c.user_id, last_seq + n, 'assistant', '', n = 2, 'm' || n / 3, n, 10, '2026-01-01T23:59:59Z'
                    from public.conversations c, generate_series(1, 3) n
                    where c.title in ('Bob', 'empty')""");
            var ada = "2026-01-01 m0 2 3 20,2026-01-01 m1 1 3 10";
            var usage = """
                    select string_agg(concat_ws(' ', day, model, turns, input_tokens, output_tokens), ',' order by tenant_id, model)
                    from history.usage""";
            try (var admin = old.caller(OldDatabase.ADA);
                    var member = old.caller(OldDatabase.BOB);
                    var ops = old.oldApplication();
                    var owner = old.database().connect(old.owner().role())) {
                assertEquals(List.of(ada), OldDatabase.query(admin, usage));
                assertEquals(List.of("null"), OldDatabase.query(member, usage));
                assertEquals(List.of(ada + "," + ada), OldDatabase.query(ops, usage));
                assertEquals(List.of(ada + "," + ada), OldDatabase.query(owner, usage));
            }
        }
    }
}
