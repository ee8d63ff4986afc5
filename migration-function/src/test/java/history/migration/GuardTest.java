package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody weakened after the migration is named object by object and made right; what a team added is only named. */
final class GuardTest {
    /** Where it is tried: each phase, and each server. */
    enum Place {
        MIGRATED(PostgresVersion.V15),
        COMPLETE(PostgresVersion.V18);

        private final PostgresVersion version;

        Place(PostgresVersion version) {
            this.version = version;
        }
    }

    private static final String OTHERS = """
            do $$ begin
                if to_regrole('colleague') is null then create role colleague; end if;
                if to_regrole('analyst') is null then create role analyst; end if;
            end $$;
            grant colleague to owner_plain;
            grant create on schema public to colleague;
            create function public.team_trigger() returns trigger language plpgsql as 'begin return new; end'""";

    /** A statement, and the words that its finding must have. */
    private static final Map<String, List<String>> WEAKENED = words("""
            drop policy own_update on messages                               | public.messages own_update
            alter policy own_select on messages using (true)                 | public.messages own_select
            alter policy own_insert on messages to public                    | public.messages own_insert
            drop policy service_role_delete on conversations                 | public.conversations service_role_delete
            alter table messages disable trigger history_1_inserted          | public.messages history_1_inserted disabled
            alter table messages enable replica trigger history_1_updated    | public.messages history_1_updated replica
            drop trigger history_1_written on conversations                  | public.conversations history_1_written
            grant truncate on conversations to anon                          | public.conversations anon truncate
            grant update (user_id) on messages to anon                       | public.messages anon update user_id
            grant select on history.state to authenticated                   | history.state authenticated
            grant execute on function history.complete(text) to public           | history.complete(text) everybody
            revoke insert on messages from authenticated                     | public.messages authenticated insert
            alter table messages drop constraint messages_role_check         | public.messages messages_role_check
            alter table messages drop constraint messages_conversation_fkey  | public.messages messages_conversation_fkey
            alter table messages alter content drop not null                 | public.messages content
            alter table messages alter model set not null                    | public.messages model
            alter table conversations alter title drop default               | public.conversations title
            drop index conversations_own_list_idx                            | conversations_own_list_idx
            alter function history.my_tenants() reset search_path            | history.my_tenants()
            alter function history.my_admin_tenants() security invoker       | history.my_admin_tenants()
            alter function history.current_tenant() owner to colleague       | history.current_tenant() colleague
            alter table messages no force row level security                 | public.messages row level security
            alter table history.remembered disable row level security        | history.remembered row level security
            alter table messages owner to colleague                          | public.messages colleague
            """);

    /** What others than the owner hold of everything that is the migration's, and which functions anon may call. */
    private static final String HELD = """
            select format('%s %s %s', c.oid::regclass, g.name, string_agg(a.privilege_type, ' ' order by a.privilege_type)) collate "C"
            from pg_class c cross join lateral aclexplode(c.relacl) a
            cross join lateral (select case when a.grantee = 0 then 'public' else a.grantee::regrole::text end as name) g
            where (c.relnamespace = 'history'::regnamespace or c.relname in ('conversations', 'messages')
                or c.relname = 'chat_sessions' and c.relkind = 'v')
                and c.relnamespace <> 'kept'::regnamespace and c.relkind in ('r', 'v', 'S') and a.grantee <> c.relowner
            group by c.oid, g.name
            union all
            select format('%s anon EXECUTE', p.oid::regprocedure) from pg_proc p
            where p.pronamespace = 'history'::regnamespace and has_function_privilege('anon', p.oid, 'execute')
            order by 1""";

    private static final Map<String, List<String>> ADDED = words("""
            create policy x1 on messages using (role <> 'x')                  | public.messages x1
            create policy x2 on conversations to authenticated using (title <> '') | public.conversations x2
            create trigger x3 before insert on messages for each row execute function team_trigger() | public.messages x3
            create trigger x4 before insert on conversations for each row execute function team_trigger() | public.conversations x4
            create rule x5 as on update to messages do instead nothing        | public.messages x5
            grant select on messages to analyst                               | public.messages analyst
            grant select (title) on conversations to analyst                  | public.conversations analyst title
            create index x6 on messages (created_at)                          | public.messages x6
            alter table messages add constraint x7 check (content <> 'x')     | public.messages x7
            alter table conversations add constraint x9 check (length(title) < 1) not valid | public.conversations x9
            alter table conversations add x10 uuid default gen_random_uuid(), add constraint x10 foreign key (x10) references tenants not valid | public.conversations x10
            create unique index x11 on conversations (user_id)                | public.x11 public.conversations
            alter table messages add x12 text not null default 'x'; alter table messages alter x12 drop default | public.messages x12
            create materialized view x13 as select * from messages; grant select (id) on x13 to anon | public.x13
            create view x14 with (security_invoker = on) as select id from messages; create view x15 as select id from x14 | public.x15
            alter table messages set unlogged                                 | public.messages unlogged
            create table x16 (a uuid, b uuid, foreign key (a, b) references conversations (tenant_id, id) match full on delete restrict) | x16_a_b_fkey public.conversations deleted
            create schema history_maintenance                                 | history_maintenance
            do 'begin execute format($$grant create on database %I to authenticated$$, current_database()); end' | database authenticated
            set role owner_plain; create function history.x8() returns int language sql security definer set search_path = '' as 'select 8'; revoke execute on function history.x8() from public | history.x8() callers
            """);

    private static Map<String, List<String>> words(String lines) {
        var map = new LinkedHashMap<String, List<String>>();
        lines.lines().forEach(line -> {
            var parts = line.split(" \\| ", -1);
            map.put(parts[0].strip(), List.of(parts[1].strip().split(" ", -1)));
        });
        return map;
    }

    @ParameterizedTest
    @EnumSource
    void makesRightWhatWasWeakened(Place place) throws Exception {
        try (var old = at(place)) {
            var before = CatalogueListing.of(old.database());
            for (var statement : WEAKENED.keySet()) {
                old.execute(statement);
            }
            assertEquals(List.of(), unnamed(WEAKENED, old));

            old.succeed(Action.MIGRATE);

            CatalogueListing.assertSame(before, CatalogueListing.of(old.database()));
            assertEquals(List.of(), old.findings());
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesWhatATeamAddedAndLeavesIt(Place place) throws Exception {
        try (var old = at(place)) {
            for (var statement : ADDED.keySet()) {
                old.execute(statement);
            }
            var before = CatalogueListing.of(old.database());
            assertEquals(List.of(), unnamed(ADDED, old));

            old.run(Action.MIGRATE);

            CatalogueListing.assertSame(before, CatalogueListing.of(old.database()));
            assertEquals(List.of(), unnamed(ADDED, old));
        }
    }

    /** Each, with the object and the remedy, which is enough. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alter role authenticated bypassrls | authenticated: is a superuser, byp | alter role authenticated nosuperuser nobypassrls",
                "alter role anon superuser | anon: is a superuser, byp | alter role anon nosuperuser nobypassrls",
                "grant service_role to authenticated | authenticated: may become service_role | revoke service_role from authenticated;",
                "grant service_role to colleague; grant colleague to authenticated | authenticated: may become colleague, service_role | revoke colleague from authenticated;",
                "grant colleague to analyst with admin option; set role analyst; grant colleague to history_functions; reset role | history_functions: may become colleague | revoke colleague from history_functions",
                "alter role history_functions set row_security = off | history_functions: has the default row_security=off | alter role history_functions reset row_security;",
                "alter role history_functions set default_transaction_read_only = on | read_only=on | alter role history_functions reset",
                "do 'begin execute format($$alter database %I set session_replication_role = replica$$, current_database()); end' | role=replica | alter database",
                "do 'begin execute format($$alter role history_functions in database %I set row_security = false$$, current_database()); end' | security=false | in database",
                "do 'begin execute format($$alter database %I set statement_timeout = 1$$, current_database()); end' | statement_timeout=1, which | alter database",
                "alter role history_functions set statement_timeout to '999 ms' | statement_timeout=999 ms, which | alter role",
                "do 'begin execute format($$alter database %I connection limit 0$$, current_database()); end' | the database: may have no | alter database",
                "alter role history_functions connection limit 0 | history_functions: may have no connection | alter role",
                "alter role history_functions nologin | history_functions: may not log in | alter role history_functions login;",
                "alter role history_functions valid until '2026-01-01' | history_functions: has a password that is no longer valid | valid until 'infinity';",
                "delete from pg_auth_members where member = 'history_functions'::regrole | history_functions: is no member of authenticated | grant authenticated to history_functions;"
            })
    void namesWhatMakesARoleDangerousOrUseless(String statement, String finding, String remedy) throws Exception {
        try (var old = at(Place.COMPLETE);
                var superuser = old.database().connect(PostgresServer.SUPERUSER)) {
            superuser.setAutoCommit(false); // roles are the server's
            superuser.createStatement().execute(statement);
            var query =
                    "select object || ': ' || finding || ' ' || remedy from history.differences('complete') where place = 97 and blocks";
            var told = OldDatabase.query(superuser, query);
            assertEquals(1, told.size(), told::toString);
            assertTrue(told.getFirst().contains(finding) && told.getFirst().contains(remedy), told::toString);

            superuser.createStatement().execute(told.getFirst().replaceFirst(".*?\\b(?=(alter|grant|revoke) )", ""));
            assertEquals(List.of(), OldDatabase.query(superuser, query));
            superuser.rollback();
        }
    }

    /** A default that hurts nobody, or that the role's own replaces. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "statement_timeout = 0",
                "statement_timeout = '1s'",
                "statement_timeout = 1000",
                "statement_timeout = 20"
            })
    void namesNoDefaultWithWhichRequestsSucceed(String setting) throws Exception {
        try (var old = at(Place.COMPLETE);
                var superuser = old.database().connect(PostgresServer.SUPERUSER)) {
            superuser.setAutoCommit(false);
            superuser
                    .createStatement()
                    .execute("alter database %s set %s".formatted(old.database().name(), setting));
            if (setting.endsWith(" 20")) {
                superuser.createStatement().execute("alter role history_functions set statement_timeout = '30s'");
            }
            assertEquals(
                    List.of(),
                    OldDatabase.query(superuser, "select object from history.setting_differences() where place = 97"));
            superuser.rollback();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SUPERUSER", "PLAIN"})
    void givesBackTheRightToUseSchemaPublic(Owner owner) throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V15, owner, Action.MIGRATE)) {
            old.execute("revoke all on schema public from public; grant usage on schema public to " + owner.role());
            var named = old.run(Action.STATUS).findings().stream()
                    .filter(it -> it.finding().startsWith("schema public: "))
                    .toList();
            assertEquals(
                    List.of(
                            "schema public: authenticated may not use it",
                            "schema public: service_role may not use it"),
                    named.stream().map(Finding::finding).toList());
            if (owner == Owner.PLAIN) { // who may not grant it
                assertFalse(old.run(Action.MIGRATE).succeeded());
                for (var finding : named) {
                    old.execute(finding.remedy().replace("As its owner: ", ""));
                }
            }

            old.succeed(Action.MIGRATE);

            assertEquals(List.of(), old.findings());
            old.caller(OldDatabase.ADA).createStatement().execute("select from conversations");
        }
    }

    /** Which everybody has, unless a database is hardened. */
    @ParameterizedTest
    @EnumSource(names = {"SUPERUSER", "PLAIN"})
    void givesBackTheRightToConnect(Owner owner) throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V15, owner, Action.MIGRATE)) {
            var database = old.database().name();
            old.execute("revoke connect on database %1$s from public; grant connect on database %1$s to %2$s"
                    .formatted(database, owner.role()));
            var named = old.run(Action.STATUS).findings().stream()
                    .filter(Finding::blocks)
                    .toList();
            assertEquals(
                    List.of("the database: history_functions may not connect to it"),
                    named.stream().map(Finding::finding).toList());
            if (owner == Owner.PLAIN) { // who may not grant it
                assertFalse(old.run(Action.MIGRATE).succeeded());
                assertEquals(
                        "As its owner: grant connect on database %s to history_functions;".formatted(database),
                        named.getFirst().remedy());
                old.execute(named.getFirst().remedy().replace("As its owner: ", ""));
            }

            old.succeed(Action.MIGRATE);

            assertEquals(List.of(), old.findings());
            old.database().connect("history_functions").close();
        }
    }

    @Some("V18")
    void letsARowThatATeamsTableNamesBeDeleted(PostgresVersion version) throws Exception {
        try (var old = OldDatabase.empty(version, Owner.PLAIN, Action.MIGRATE, Action.COMPLETE)) {
            old.execute("""
                    create table stars (message uuid constraint "Star" references messages on update cascade on delete restrict deferrable);
                    insert into conversations (id, tenant_id, user_id) values ('c1000000-0000-4000-8000-000000000001', '%s', '%s');
                    insert into messages (conversation_id, tenant_id, user_id, seq, role, content)
                    select id, tenant_id, user_id, 1, 'user', 'q' from conversations;
                    insert into stars select id from messages""".formatted(OldDatabase.TENANT_A, OldDatabase.ADA));

            var finding = old.findings().getFirst();
            assertEquals(
                    "public.stars: Star keeps each row of public.messages that it names from being deleted",
                    finding.finding());
            old.execute(finding.remedy().replaceFirst(".*: ", ""));

            assertEquals(List.of(), old.findings());
            assertEquals(
                    "FOREIGN KEY (message) REFERENCES messages(id) ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE",
                    old.value("select pg_get_constraintdef(oid) from pg_constraint where conname = 'Star'"));
            old.execute("delete from conversations");
            assertEquals("0", old.value("select count(*) from stars"));
        }
    }

    @Some("V18")
    void keepsTheViewFromShowingRowsAsItsOwner(PostgresVersion version) throws Exception {
        try (var old = OldDatabase.empty(version, Owner.PLAIN, Action.MIGRATE)) {
            var before = CatalogueListing.of(old.database());
            old.execute("alter view chat_sessions reset (security_invoker)");
            assertEquals(List.of(), unnamed(Map.of("", List.of("public.chat_sessions")), old));

            old.succeed(Action.MIGRATE);

            CatalogueListing.assertSame(before, CatalogueListing.of(old.database()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsAgainTheLabelsThatWereWrittenWithoutTriggers(Place place) throws Exception {
        var listed = "select string_agg(label || archived, ' ' order by label) from history.labelled";
        try (var old = at(place)) {
            old.execute("""
                    insert into conversations (id, tenant_id, user_id, labels) values
                        ('c1000000-0000-4000-8000-000000000001', '%1$s', '%2$s', '{a,b}'),
                        ('c1000000-0000-4000-8000-000000000002', '%1$s', '%2$s', '{c}'),
                        ('c1000000-0000-4000-8000-000000000003', '%1$s', '%2$s', '{d}'),
                        ('c1000000-0000-4000-8000-000000000004', '%1$s', '%2$s', '{}')
                    """.formatted(OldDatabase.TENANT_A, OldDatabase.ADA));
            old.succeed(Action.VERIFY);
            assertEquals("afalse bfalse cfalse dfalse", old.value(listed));
            old.execute("""
                    set session_replication_role = replica;
                    update conversations set labels = '{b,x,x,NULL}' where labels = '{a,b}';
                    update conversations set archived = true where labels = '{c}';
                    delete from conversations where labels = '{d}';
                    update conversations set labels = '{y}' where labels = '{}'""");

            var report = old.run(Action.VERIFY);

            assertFalse(report.succeeded());
            assertTrue(report.json().contains("do not show the labels of 4 conversations"), report::json);
            old.succeed(Action.MIGRATE);
            assertEquals("bfalse ctrue xfalse yfalse", old.value(listed));
            old.succeed(Action.VERIFY);
        }
    }

    /** Under default privileges that give everything, as Supabase's did, and under those that give nothing, as they do now. */
    @ParameterizedTest
    @ValueSource(strings = {"grant all on %s to anon, authenticated, service_role", "revoke all on %s from public"})
    void givesTheRolesOfThePlatformWhatTheyNeedInEachPhase(String defaults) throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V15, Owner.SUPERUSER)) {
            for (var objects : List.of("tables", "functions", "sequences")) {
                old.execute("alter default privileges " + defaults.formatted(objects));
            }
            old.succeed(Action.PREPARE);
            assertEquals(held(), old.query(HELD));

            old.execute("select history.expand()");
            assertEquals(held("chat_sessions", "conversations", "messages"), old.query(HELD));
            old.succeed(Action.MIGRATE);
            assertEquals(held("chat_sessions", "conversations", "messages"), old.query(HELD));

            old.complete();
            assertEquals(held("conversations", "messages"), old.query(HELD));
        }
    }

    private static List<String> held(String... relations) {
        return Stream.concat(
                        Stream.of(
                                "history.quarantine service_role DELETE SELECT UPDATE",
                                "history.usage authenticated SELECT",
                                "history.usage service_role SELECT"),
                        Stream.of(relations)
                                .flatMap(relation -> Stream.of("authenticated", "service_role")
                                        .map(role -> relation + " " + role + rights(relation, role))))
                .sorted()
                .toList();
    }

    /** Clients write the columns of a message that are theirs, which is no right on the table. */
    private static String rights(String relation, String role) {
        return relation.equals("messages") && role.equals("authenticated")
                ? " DELETE SELECT"
                : " DELETE INSERT SELECT UPDATE";
    }

    private static OldDatabase at(Place place) throws Exception {
        return place == Place.COMPLETE
                ? OldDatabase.empty(place.version, Owner.PLAIN, Action.MIGRATE, Action.COMPLETE, OTHERS)
                : OldDatabase.empty(place.version, Owner.PLAIN, Action.MIGRATE, OTHERS);
    }

    /** The statements whose result no finding of status names. */
    private static List<String> unnamed(Map<String, List<String>> statements, OldDatabase old) throws SQLException {
        var findings = old.run(Action.STATUS).findings();
        return statements.entrySet().stream()
                .filter(it -> findings.stream()
                        .noneMatch(finding -> it.getValue().stream()
                                .allMatch(word -> finding.finding().contains(word))))
                .map(Map.Entry::getKey)
                .toList();
    }
}
