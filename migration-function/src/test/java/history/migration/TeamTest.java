package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a team has made of its table is carried over and comes back, or is named with what to do before anything changes. */
final class TeamTest {
    private static final String SESSIONS = """
            alter table chat_sessions disable trigger user;
            insert into chat_sessions (tenant_id, user_id, title, messages, metadata, created_at, updated_at)
            select tenant_id, user_id, t, '[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]', null,
                '2024-01-01', '2024-02-02'
            from tenant_users, unnest('{Public,Private,hidden,null}'::text[]) t;
            alter table chat_sessions enable trigger user;
            """;

    private static final String TOUCHED =
            "select count(*) from %s where updated_at <> '2024-02-02' or metadata ? 'marked'";

    private static final List<String> IN_THE_WAY = """
            create policy p on chat_sessions for select using (true)
            create policy p on chat_sessions for select to anon using (metadata ->> 'public' = 'true')
            create policy p on chat_sessions for select to authenticated using (tenant_id in (select tenant_id from tenant_users where user_id = auth.uid()))
            create policy p on chat_sessions for update using (exists (select from tenant_users u where u.tenant_id = chat_sessions.tenant_id and u.user_id = auth.uid() and u.role = 'admin'))
            create policy p on chat_sessions for select using (auth.uid() = user_id or title = 'shared')
            create policy p on chat_sessions using (auth.uid() = user_id) with check (true)
            create policy p on chat_sessions to analyst using (id in (select id from chat_sessions))
            create policy p on chat_sessions as restrictive using (id in (select id from chat_sessions))
            create policy own_select on chat_sessions as restrictive for select using (title <> 'x')
            create rule r as on update to chat_sessions do also notify changed
            create trigger history_9 after delete on chat_sessions for each row execute function careful()
            create trigger z before update on chat_sessions for each row execute function stamps()
            create trigger a before update on chat_sessions for each row execute function cleans()
            create trigger a after update on chat_sessions for each row execute function careless()
            alter table tenant_users force row level security
            set role analyst; grant select on chat_sessions to anon; reset role
            """.lines().toList();

    private static final String MADE = """
            do $$ begin if to_regrole('analyst') is null then create role analyst; end if; end $$;
            grant usage on schema public to analyst; grant select on chat_sessions to analyst with grant option;
            create function careful() returns trigger language plpgsql set search_path = public as 'begin return null; end';
            create function careless() returns trigger language plpgsql as 'begin perform count(*) from knowledge_base; return null; end';
            create function stamps() returns trigger language plpgsql set search_path = public as 'begin new.title = new.title || now(); new.updated_at := now(); return new; end';
            create function cleans() returns trigger language plpgsql set search_path = public as 'begin new.messages = jsonb_strip_nulls(new.messages); return new; end';
            alter function careless() owner to owner_plain""";

    /** Whoever keeps updated_at, under whatever name, is known, and nothing that does more. */
    private static final List<String> KEEPERS = """
            begin new.updated_at = now(); return new; end
            BEGIN NEW.updated_at := CURRENT_TIMESTAMP; RETURN NEW; END;
            begin /* always */ new."updated_at" = timezone('utc'::text, now()); return new; -- done
            end;
            begin new.updated_at = clock_timestamp(); return new; end;
            """.replace("-- done\n", "-- done~")
            .lines()
            .map(line -> line.replace('~', '\n'))
            .toList();

    @Some("V15")
    void everythingIsAsItWasAfterARollback(PostgresVersion version) throws Exception {
        try (var old = team(version)) {
            old.succeed(Action.PREPARE);
            var before = listing(old);

            old.succeed(Action.MIGRATE);
            assertEquals("0", old.value(TOUCHED.formatted("conversations")));
            old.succeed(Action.ROLLBACK);

            CatalogueListing.assertSame(before, listing(old));
            assertEquals("0", old.value(TOUCHED.formatted("chat_sessions")));
            assertEquals(List.of(), old.query("select what from audit"));
            old.succeed(Action.MIGRATE);
        }
    }

    @Some("V15")
    void triggersHearOfWritesAndNotOfTheMigration(PostgresVersion version) throws Exception {
        try (var old = team(version)) {
            var report = old.succeed(Action.MIGRATE);

            assertTrue(
                    report.json().contains("Trigger disabled of chat_sessions will be one of conversations"),
                    report.json());
            assertEquals("0", old.value(TOUCHED.formatted("conversations")));
            assertEquals(List.of(), old.query("select what from audit"));
            var rows = List.of("always", "at_the_end", "each_row", "statement");
            try (var application = old.oldApplication()) {
                OldDatabase.query(
                        application,
                        "update chat_sessions set messages = messages || '[{}]' where title = 'Public' and user_id = '%s' returning 1"
                                .formatted(OldDatabase.ADA));
                assertEquals(rows, heard(old));
                OldDatabase.query(
                        application, "update chat_sessions set title = 'Other' where title = 'Public' returning 1");
                assertEquals(List.of("always", "at_the_end", "each_row", "statement", "with_condition"), heard(old));
            }
            try (var ada = old.caller(OldDatabase.ADA)) {
                OldDatabase.query(
                        ada,
                        "insert into messages (conversation_id, role, content) select id, 'user', 'new' from conversations where title = 'Private' returning 1");
                assertEquals(rows, heard(old));
            }
            old.succeed(Action.VERIFY);
            old.succeed(Action.ROLLBACK);
            assertEquals(List.of(), heard(old));
        }
    }

    @Some("V18")
    void policiesHoldForMessages(PostgresVersion version) throws Exception {
        try (var old = team(version)) {
            old.succeed(Action.MIGRATE);

            for (var table : List.of("conversations", "chat_sessions", "messages")) {
                var rows = table.equals("messages") ? 2 : 1;
                try (var ada = old.caller(OldDatabase.ADA)) {
                    var count = "select count(*) from " + table;
                    assertEquals(List.of("" + 3 * rows), OldDatabase.query(ada, count), table);
                    OldDatabase.query(
                            ada,
                            "select set_config('request.jwt.claims', '{\"sub\":\"%s\",\"aal\":\"aal1\"}', false)"
                                    .formatted(OldDatabase.ADA));
                    assertEquals(List.of("0"), OldDatabase.query(ada, count), table);
                    OldDatabase.query(ada, "select set_config('role', 'analyst', false)");
                    assertEquals(List.of("" + 4 * rows), OldDatabase.query(ada, count), table);
                }
            }
            assertEquals(
                    List.of(),
                    old.succeed(Action.STATUS).findings().stream()
                            .filter(it -> it.finding().matches(".*(not of this version|of somebody else).*"))
                            .toList());
        }
    }

    @Some("V18")
    void namesWhatIsInTheWayWithWhatToDo(PostgresVersion version) throws Exception {
        try (var old = OldDatabase.empty(version, Owner.PLAIN)) {
            old.execute(MADE);
            for (var statement : IN_THE_WAY) {
                old.execute(statement);

                var report = old.run(Action.MIGRATE);

                var blocking =
                        report.findings().stream().filter(Finding::blocks).toList();
                assertEquals(1, blocking.size(), () -> statement + report.json());
                old.execute(statement(blocking.getFirst()));
                assertEquals(
                        List.of(),
                        old.run(Action.STATUS).findings().stream()
                                .filter(Finding::blocks)
                                .toList());
                old.execute("""
                        drop policy if exists p on chat_sessions; drop trigger if exists a on chat_sessions;
                        drop trigger if exists team_history_9 on chat_sessions; drop trigger if exists a_z on chat_sessions""");
            }
            old.succeed(Action.MIGRATE);
        }
    }

    @Test
    void neverWorksForAnOwnerWhomPoliciesBind() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V15, Owner.PLAIN)) {
            for (var table : List.of("tenants", "chat_sessions", "tenant_users")) {
                assertEquals("none", refusedWhereForced(old, table).phase());
            }
            old.succeed(Action.MIGRATE);
            refusedWhereForced(old, "tenant_users");
            old.succeed(Action.ROLLBACK);
            refusedWhereForced(old, "tenant_users");
            old.succeed(Action.MIGRATE);
            old.complete();
            refusedWhereForced(old, "tenant_users");
            assertEquals(List.of(), old.findings());
        }
    }

    private static Report refusedWhereForced(OldDatabase old, String table) throws Exception {
        old.execute("alter table %s force row level security".formatted(table));
        var report = old.run(Action.MIGRATE);
        for (var each : List.of(report, old.run(Action.STATUS))) {
            var blocking = each.findings().stream().filter(Finding::blocks).toList();
            assertEquals(1, blocking.size(), each::json);
            assertTrue(blocking.getFirst()
                    .finding()
                    .startsWith("Row level security of " + table + " applies to its owner, "));
        }
        assertEquals(1, report.steps().size(), report::json);
        old.execute(statement(
                report.findings().stream().filter(Finding::blocks).findFirst().orElseThrow()));
        return report;
    }

    @Test
    void letsCallersAtTheArraysOnlyBehindPoliciesAndUntilTheSwitch() throws Exception {
        var rights = """
                select coalesce(string_agg(a.privilege_type, ' ' order by a.privilege_type), '') from pg_class c
                cross join aclexplode(c.relacl) a where a.grantee = 'authenticated'::regrole and c.oid = to_regclass('public.%s')""";
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN)) {
            old.execute(
                    "revoke all on chat_sessions from authenticated; alter table chat_sessions disable row level security");
            var report = old.succeed(Action.PREPARE);
            assertEquals("", old.value(rights.formatted("chat_sessions")));
            assertTrue(report.json().contains("so authenticated gets no right to it"), report::json);

            old.execute("alter table chat_sessions enable row level security");
            old.succeed(Action.PREPARE);
            assertEquals("DELETE INSERT SELECT UPDATE", old.value(rights.formatted("chat_sessions")));
            old.succeed(Action.MIGRATE);
            assertEquals(List.of(), old.findings());
            old.succeed(Action.ROLLBACK);
            assertEquals("DELETE INSERT SELECT UPDATE", old.value(rights.formatted("chat_sessions")));
        }
    }

    @Test
    void replacesTriggersThatKeepUpdatedAt() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN)) {
            old.execute(
                    "create extension moddatetime; drop trigger set_chat_sessions_updated_at on chat_sessions;"
                            + "create trigger zz before update on chat_sessions for each row execute function moddatetime('updated_at')");
            for (var body : KEEPERS) {
                var name = "k" + KEEPERS.indexOf(body);
                old.execute(
                        "create function %1$s() returns trigger language plpgsql as $f$%2$s$f$; create trigger %1$s before update on chat_sessions for each row execute function %1$s()"
                                .formatted(name, body));
            }
            old.execute(
                    "create function updated_at_audit() returns trigger language plpgsql set search_path = public as 'begin return null; end';"
                            + "create trigger updated_at_audit after update on chat_sessions for each row execute function updated_at_audit()");
            old.succeed(Action.MIGRATE);
            assertEquals(
                    List.of("updated_at_audit"),
                    old.query(
                            "select tgname from pg_trigger where tgrelid = 'conversations'::regclass and not tgisinternal and tgname !~ '^history_'"));
            old.succeed(Action.ROLLBACK);
            assertEquals(
                    "" + (KEEPERS.size() + 2),
                    old.value(
                            "select count(*) from pg_trigger where tgrelid = 'chat_sessions'::regclass and not tgisinternal"));
        }
    }

    @Test
    void publishesNothingThatWasNotPublished() throws Exception {
        assertEquals(List.of(), published("create publication supabase_realtime"));
        assertEquals(
                List.of("conversations", "messages"),
                published("create publication supabase_realtime for table chat_sessions"));
        assertEquals(
                List.of("conversations"),
                published("create publication supabase_realtime for table chat_sessions (id, title)"));
        assertEquals(
                List.of("conversations"),
                published("create publication supabase_realtime for table chat_sessions where (id is not null)"));
        assertEquals(
                List.of("conversations"),
                published("create publication other for table chat_sessions; create publication supabase_realtime"));
    }

    private static List<String> published(String publication) throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.PLAIN)) {
            old.execute(publication + "; alter publication supabase_realtime owner to owner_plain");
            old.succeed(Action.MIGRATE);
            var published = old.query("select tablename from pg_publication_tables order by 1");
            old.succeed(Action.ROLLBACK);
            assertEquals(
                    published.contains("conversations") ? List.of("chat_sessions") : List.of(),
                    old.query("select tablename from pg_publication_tables"));
            return published;
        }
    }

    private static OldDatabase team(PostgresVersion version) throws Exception {
        var old = OldDatabase.empty(version, Owner.PLAIN);
        old.execute(SESSIONS + OldDatabase.resource("team.sql"));
        return old;
    }

    /** All but the policies that are mended for good. */
    private static CatalogueListing listing(OldDatabase old) throws Exception {
        return new CatalogueListing(CatalogueListing.of(old.database()).lines().stream()
                .filter(line -> !line.matches("(?s)policy .* of public.tenant_users .*"))
                .toList());
    }

    private static List<String> heard(OldDatabase old) throws SQLException {
        var heard = old.query("select distinct what from audit order by what");
        old.execute("truncate audit");
        return heard;
    }

    /** What a remedy says to run. */
    private static String statement(Finding finding) {
        return finding.remedy().substring(finding.remedy().indexOf(": ") + 2);
    }
}
