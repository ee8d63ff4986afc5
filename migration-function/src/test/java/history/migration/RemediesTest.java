package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Databases that are not the known one: each is named before anything changes, and what the report says to do is enough. */
final class RemediesTest {
    private static final Pattern STATEMENTS = Pattern.compile(
            "(?:^|: )((?:alter|create|delete|drop|grant|insert|revoke|rollback|update) .*;)", Pattern.DOTALL);

    private static final String SESSIONS = """
            insert into chat_sessions (tenant_id, user_id, title, messages)
            select '%s', '%s', 'q' || n, '[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]'
            from generate_series(1, 5) n""".formatted(OldDatabase.TENANT_A, OldDatabase.ADA);

    /** A database, and what is said of it. */
    record Case(String situation, List<String> findings) {
        Case(String situation, String... findings) {
            this(situation, List.of(findings));
        }
    }

    static Stream<Case> beforeAnythingChanges() {
        return Stream.of(
                new Case(
                        """
                        create function recent(n int) returns setof chat_sessions language sql as 'select * from chat_sessions limit n';
                        create function title_of(chat_sessions) returns text language sql as 'select $1.title';
                        create view titles as select title_of(s) from chat_sessions s; create view more_titles as select * from titles;
                        create materialized view all_titles as select title from chat_sessions; grant select on all_titles to anon;
                        create function all_of(chat_sessions[]) returns integer language sql as 'select 1';
                        create domain session as chat_sessions; create table archive (was session); create table "Old" ("Was" chat_sessions);
                        create function j(chat_sessions) returns json language sql as 'select null::json';
                        create cast (chat_sessions as json) with function j(chat_sessions)""",
                        "Function public.recent(integer) uses the row type",
                        "Function public.title_of(public.chat_sessions) uses the row type",
                        "View public.titles shows everybody's rows of chat_sessions",
                        "Clients may read all that the materialized view public.all_titles holds",
                        "Function public.all_of(public.chat_sessions[]) uses the row type",
                        "Type public.session uses the row type",
                        "Column Was of table public.\"Old\" uses the row type",
                        "Cast from public.chat_sessions to json uses the row type"),
                new Case(
                        """
                        alter table chat_sessions add model text not null default 'x'; alter table chat_sessions alter model drop default;
                        create domain named as text not null;
                        alter table chat_sessions add name named default 'x'; alter table chat_sessions alter name drop default;
                        alter table chat_sessions alter messages drop default, alter messages set not null;
                        alter table chat_sessions alter created_at drop default, alter created_at set not null;
                        alter table chat_sessions add check (jsonb_array_length(messages) <= 3), drop metadata, add message_count integer, add archived boolean;
                        alter table chat_sessions add unique (user_id, title), add slug text unique;
                        create unique index "One" on chat_sessions (user_id, lower(title));
                        create index conversations_tenant_id_id_key on chat_sessions (id);
                        create function titled(chat_sessions) returns text language sql immutable as 'select $1.title';
                        create index on chat_sessions (titled(chat_sessions));
                        alter table chat_sessions add exclude using btree (title with =);
                        create rule keep as on delete to chat_sessions do instead nothing;
                        alter table chat_sessions drop constraint chat_sessions_pkey, add primary key (tenant_id, id)""",
                        "Column model of chat_sessions must be filled",
                        "Column name of chat_sessions must be filled",
                        "Column messages of chat_sessions must be filled",
                        "Column created_at of chat_sessions must be filled",
                        "chat_sessions_messages_check, CHECK ((jsonb_array_length(messages) <= 3)), also applies to",
                        "Column metadata is missing in public.chat_sessions",
                        "Column message_count of chat_sessions has a name",
                        "Column archived of chat_sessions has a name",
                        "public.chat_sessions_user_id_title_key is unique",
                        "public.chat_sessions_slug_key is unique without the tenant",
                        "public.\"One\" is unique",
                        "public.chat_sessions_title_excl is unique",
                        "An index public.conversations_tenant_id_id_key has a name",
                        "Function public.titled(public.chat_sessions) uses the row type",
                        "A rule of chat_sessions would work on what the migration writes",
                        "chat_sessions has no primary key on id"),
                new Case("alter table tenant_users drop role cascade", "Column role is missing in public.tenant_users"),
                new Case(
                        """
                        drop policy "Users can view own sessions" on chat_sessions; drop policy "Users can manage own sessions" on chat_sessions;
                        alter table chat_sessions drop constraint chat_sessions_user_id_fkey, alter user_id type varchar(36);
                        create policy "Own" on chat_sessions as restrictive for update using (user_id = auth.uid()::text) with check (true);
                        alter table chat_sessions alter messages drop default, alter messages type json, alter messages set default '[]';
                        alter table chat_sessions alter title type varchar(80);
                        alter table chat_sessions alter created_at type timestamp, alter updated_at type date""",
                        "user_id of public.chat_sessions is character varying(36), not uuid; title of public.chat_sessions is "
                                + "character varying(80), not text or varchar(255); messages of public.chat_sessions is json, not jsonb; "
                                + "created_at of public.chat_sessions is timestamp without time zone, not timestamp with time zone; updated_at"),
                new Case(
                        """
                        drop policy "Members can view their tenant" on tenants; drop policy "Members can view members" on tenant_users;
                        drop policy "Admins can manage members" on tenant_users;
                        alter table tenant_users drop constraint tenant_users_tenant_id_fkey, alter tenant_id type text;
                        alter table chat_sessions drop constraint chat_sessions_tenant_id_fkey, alter tenant_id type text;
                        alter table tenants alter id drop default, alter id type text;
                        alter table tenant_users add foreign key (tenant_id) references tenants (id);
                        alter table chat_sessions add constraint of_tenant foreign key (tenant_id) references tenants (id) on delete cascade;
                        create policy members on tenants using (id in (select tenant_id from tenant_users where user_id = auth.uid()));
                        alter table chat_sessions alter messages drop default, alter messages type text, alter messages set default '[]'""",
                        "tenant_id of public.chat_sessions is text, not uuid; messages of public.chat_sessions is text, not jsonb; "
                                + "tenant_id of public.tenant_users is text, not uuid; id of public.tenants is text, not uuid"),
                new Case(
                        """
                        create table conversations (id uuid primary key); create table messages (id uuid primary key references conversations);
                        create schema history; create table history.state (id int); create table history.lease (id int);
                        create function history.beat(text, text) returns int language sql as 'select 1/0';
                        alter table chat_sessions alter messages drop default;
                        alter table chat_sessions alter messages type jsonb[] using array[messages -> 0, messages -> 1]""",
                        "A table public.messages exists",
                        "A table public.conversations exists",
                        "There is a schema history that this migration did not make",
                        "messages of public.chat_sessions is jsonb[], not jsonb"),
                new Case(
                        """
                        create view messages as select 1 as id; create table letters (id int constraint messages_pkey primary key);
                        alter table chat_sessions drop title;
                        alter table chat_sessions add title text generated always as (messages #>> '{0,content}') stored""",
                        "A view public.messages exists",
                        "An index public.messages_pkey has a name",
                        "Column title of public.chat_sessions is generated"),
                new Case(
                        """
                        create type messages as enum ('a');
                        create domain list as jsonb check (jsonb_typeof(value) = 'array'); alter table chat_sessions alter messages type list;
                        create table chat_sessions_2023 () inherits (chat_sessions);
                        insert into chat_sessions_2023 select * from chat_sessions; delete from only chat_sessions;
                        create table base (id uuid not null); alter table chat_sessions inherit base""",
                        "A type public.messages exists",
                        "messages of public.chat_sessions is public.list, not jsonb",
                        "public.chat_sessions_2023 inherits from chat_sessions",
                        "chat_sessions inherits from public.base"),
                new Case("""
                        create schema app; alter table chat_sessions rename to "Sessions"; alter table "Sessions" set schema app;
                        create view chat_sessions as select * from app."Sessions";
                        alter table app."Sessions" alter user_id drop not null""", "chat_sessions is a view, not a table", "Column user_id of chat_sessions may be null"),
                new Case(
                        """
                        create schema app; alter table chat_sessions set schema app; alter table app.chat_sessions alter user_id drop not null;
                        update app.chat_sessions set user_id = null where title < 'q3'""",
                        "There is no public.chat_sessions, but app.chat_sessions looks like it",
                        "2 sessions of guests"),
                new Case(
                        """
                        alter table chat_sessions set unlogged;
                        alter table chat_sessions rename to "ChatSessions";
                        alter table "ChatSessions" drop constraint chat_sessions_tenant_id_fkey, drop constraint chat_sessions_user_id_fkey;
                        alter table "ChatSessions" alter tenant_id drop not null; update "ChatSessions" set tenant_id = null where title < 'q2';
                        update "ChatSessions" set tenant_id = id where title = 'q2'; update "ChatSessions" set user_id = id where title = 'q3'""",
                        "There is no public.chat_sessions, but public.\"ChatSessions\" looks like it",
                        "chat_sessions is unlogged",
                        "1 rows of chat_sessions have no tenant",
                        "1 rows of chat_sessions have a tenant that does not exist",
                        "1 rows of chat_sessions have a user that does not exist"),
                new Case(
                        """
                        alter table chat_sessions alter messages drop default, alter messages type text;
                        update chat_sessions set messages = '[{"role":' where title = 'q1';
                        update chat_sessions set messages = '[{"role":"user","content":"\\u0000"}]' where title = 'q2';
                        alter table chat_sessions drop constraint chat_sessions_pkey, alter id drop not null;
                        update chat_sessions set id = null where title = 'q3';
                        insert into chat_sessions select * from chat_sessions where title >= 'q3'""",
                        "messages of public.chat_sessions is text, not jsonb",
                        "chat_sessions has no primary key on id"));
    }

    @ParameterizedTest
    @MethodSource("beforeAnythingChanges")
    void namesWhatIsInTheWayAndHowToMendIt(Case tried) throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.SUPERUSER)) {
            old.execute("drop table kept.chat_sessions");
            old.execute(SESSIONS);
            old.execute(tried.situation());
            assertEquals("none", old.run(Action.CHECK).phase());
            assertEquals("none", old.run(Action.ROLLBACK).phase());
            var told = new ArrayList<Finding>();
            // A view of the rows is taken when the columns are right.
            for (var report = old.run(Action.STATUS); !report.succeeded(); report = old.run(Action.STATUS)) {
                assertTrue(told.size() < 20, told::toString);
                assertTrue(
                        report.findings().stream()
                                .noneMatch(it -> it.finding().matches(".* cannot be (counted|told).*")),
                        report::json);
                assertEquals("none", old.run(Action.MIGRATE).phase());
                told.addAll(report.findings().stream().filter(Finding::blocks).toList());
                for (var finding :
                        report.findings().stream().filter(Finding::blocks).toList()) {
                    follow(old, finding);
                }
            }
            for (var finding : tried.findings()) {
                named(told, finding, true);
            }

            assertEquals("migrated", old.succeed(Action.MIGRATE).phase());
            useAsAda(old);
            old.succeed(Action.VERIFY);
        }
    }

    @Test
    void putsEveryRowAsideThatItDeletes() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V15, Owner.SUPERUSER)) {
            old.execute("drop table kept.chat_sessions");
            old.execute(SESSIONS);
            old.execute("""
                    alter table chat_sessions drop constraint chat_sessions_tenant_id_fkey, drop constraint chat_sessions_user_id_fkey;
                    alter table chat_sessions alter user_id drop not null; update chat_sessions set user_id = null where title = 'q1';
                    update chat_sessions set tenant_id = id where title = 'q2'; update chat_sessions set user_id = id where title = 'q3';
                    create table ratings (session uuid references chat_sessions on delete cascade)""");
            var findings = old.run(Action.STATUS).findings().stream()
                    .filter(Finding::blocks)
                    .toList();
            for (var finding : findings.reversed()) {
                assertTrue(
                        finding.remedy().startsWith("First save what would be deleted with them (public.ratings). "),
                        finding::toString);
                follow(old, finding);
            }
            assertEquals(2, old.succeed(Action.MIGRATE).conversations());
            for (var table : List.of("of_guests", "of_lost_tenants", "of_lost_users")) {
                assertEquals(List.of("1"), old.query("select count(*) from chat_sessions_" + table));
            }
        }
    }

    @Test
    void namesWhatWillStopCompleteFromTheFirstDay() throws Exception {
        var findings = List.of(
                "View public.everything uses what complete drops",
                "Column n of table public.c",
                "in publication listed uses what complete drops",
                "in publication filtered uses what complete drops",
                "Function public.lists() uses what complete drops",
                "Policy talked on table public.knowledge_base uses",
                "Rule emptied on table public.knowledge_base uses");
        try (var old = OldDatabase.empty(PostgresVersion.V15, Owner.PLAIN)) {
            old.execute(SESSIONS);
            old.execute("""
                    alter table chat_sessions add n integer generated always as (jsonb_array_length(messages)) stored;
                    create view everything with (security_invoker = true) as select * from chat_sessions;
                    create materialized view counts as select jsonb_array_length(messages) from everything;
                    create function of_view() returns setof everything language sql as 'select * from everything';
                    create publication listed for table chat_sessions (id, messages) with (publish = 'insert');
                    create publication filtered for table chat_sessions where (messages is not null) with (publish = 'insert');
                    create function lists() returns jsonb return (select messages from chat_sessions limit 1);
                    create policy talked on knowledge_base using (exists (select from chat_sessions where messages <> '[]'));
                    create rule emptied as on delete to knowledge_base do also update chat_sessions set messages = '[]'""");
            var before = old.succeed(Action.STATUS);
            old.succeed(Action.MIGRATE);
            old.execute(
                    "create function sessions() returns setof chat_sessions language sql as 'select * from chat_sessions'");
            var after = old.succeed(Action.STATUS);

            var report = Migration.of(old.environment()).run(Action.COMPLETE, String.valueOf(after.confirm()));

            for (var words : findings) {
                named(before.findings(), words, false);
                named(after.findings(), words, false);
                named(report.findings(), words, true);
            }
            assertEquals("migrated", report.phase());
            var byHand = assertThrows(SQLException.class, () -> old.execute("select history.drop_arrays()"));
            assertTrue(String.valueOf(byHand.getMessage()).contains("Nothing was dropped: function public.sessions()"));
            assertFalse(String.valueOf(byHand.getMessage()).contains("CASCADE"), byHand.getMessage());
            named(report.findings(), "Function public.sessions() uses what complete drops", true);
            for (var finding : report.findings()) {
                follow(old, finding);
            }
            assertEquals("complete", old.complete().phase());
        }
    }

    @Test
    void namesAHistoryThatItMayNotEvenUse() throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V15, Owner.PLAIN)) {
            old.execute(
                    "create schema history; create table history.state (id int); revoke select on auth.users from owner_plain");
            for (var action : List.of(Action.STATUS, Action.CHECK, Action.PREPARE, Action.MIGRATE)) {
                assertEquals("none", old.run(action).phase());
            }
            var findings = old.run(Action.MIGRATE).findings();
            named(findings, "There is a schema history that this migration did not make", true);
            named(findings, "owner_plain may not read auth.users", true);
            for (var finding : findings) {
                if (finding.blocks()) {
                    follow(old, finding);
                }
            }
            old.succeed(Action.MIGRATE);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "create table todos (id int) | but tables of an application: public.todos.",
                "create schema app; create table app.chats (messages json) | but app.chats looks like it",
                "create table conversations_temp (id uuid) | but public.conversations_temp looks like it"
            })
    void makesANewSchemaBesideAnApplicationOnlyWhenAskedTo(String situation, String words) throws Exception {
        try (var old =
                new OldDatabase(PostgresServer.shared(PostgresVersion.V18).createDatabase(), Owner.SUPERUSER)) {
            named(old.succeed(Action.STATUS).findings(), "there is nothing to migrate", false);
            old.execute(situation);
            named(old.run(Action.STATUS).findings(), words, true);
            named(old.run(Action.MIGRATE).findings(), words, true);
            assertEquals("null", old.value("select to_regclass('public.tenants')"));

            var order = Order.from(Report.parse("{\"action\":\"migrate\",\"fresh\":true}"));
            var report = Migration.of(old.environment()).run(order);

            assertTrue(report.succeeded(), report::json);
            assertEquals("complete", report.phase());
        }
    }

    static Stream<Case> whatWouldDo() {
        return Stream.of(
                new Case("""
                        alter table chat_sessions alter title type text, alter updated_at type timestamptz(3);
                        alter table chat_sessions add check (jsonb_typeof(messages) = 'array'), add check (length(title) > 0);
                        create publication everything for all tables;
                        create view titles with (security_invoker = true) as select id, title from chat_sessions;
                        create schema history""", "CHECK ((length(title) > 0)), also applies to what the API writes"),
                new Case(
                        """
                        alter table chat_sessions alter title type varchar(300);
                        alter table chat_sessions add external text, add unique (tenant_id, external), add folder uuid default '%s', add foreign key (folder) references tenants;
                        create unique index once on chat_sessions (user_id) where title = 'x';
                        alter table chat_sessions add kind varchar not null default 'chat' check (kind <> 'x'), add nr bigint generated always as identity;
                        create statistics s on tenant_id, user_id from chat_sessions; create index on chat_sessions using gin (messages);
                        create table conversations_temp (id uuid)""".formatted(OldDatabase.TENANT_A),
                        "public.once is unique for some rows",
                        "conversations_temp exists",
                        "REFERENCES public.tenants(id), also applies to what the API writes",
                        "CHECK (((kind)::text <> 'x'::text)), also applies to what the API writes"),
                new Case("""
                        alter table chat_sessions alter title type varchar, alter title set not null, alter title set default 'x';
                        create table ratings (id int, session uuid references chat_sessions on delete cascade);
                        create function recent() returns table (id uuid) language sql as 'select id from chat_sessions';
                        create function no() returns event_trigger language plpgsql
                            as $$ begin if false then raise exception 'no'; end if; end $$;
                        create event trigger no on ddl_command_start execute function no()""", "The event trigger no calls public.no()"));
    }

    @ParameterizedTest
    @MethodSource("whatWouldDo")
    void letsThroughWhatWouldDo(Case tried) throws Exception {
        try (var old = OldDatabase.empty(PostgresVersion.V18, Owner.SUPERUSER)) {
            old.execute(SESSIONS);
            old.execute(tried.situation());
            var told = old.succeed(Action.STATUS).findings();
            for (var finding : tried.findings()) {
                named(told, finding, false);
            }
            old.succeed(Action.MIGRATE);
            assertFalse(old.succeed(Action.STATUS).json().contains("not of this version"));
            useAsAda(old);
            old.succeed(Action.ROLLBACK);
            old.succeed(Action.MIGRATE);
            old.complete();
            useAsAda(old);
        }
    }

    private static void named(List<Finding> findings, String words, boolean blocks) {
        assertTrue(
                findings.stream()
                        .anyMatch(it -> it.blocks() == blocks && it.finding().contains(words)),
                () -> words + " in " + findings);
    }

    /** Does what it says, as an administrator. */
    private static void follow(OldDatabase old, Finding finding) throws SQLException {
        var statements = STATEMENTS.matcher(finding.remedy());
        assertTrue(statements.find(), finding::toString);
        assertFalse(finding.remedy().matches("(?is).*drop [^;]* cascade;.*"), finding::toString);
        old.execute(statements.group(1));
    }

    private static void useAsAda(OldDatabase old) throws SQLException {
        try (var ada = old.caller(OldDatabase.ADA);
                var statement = ada.createStatement()) {
            for (var i = 0; i < 2; i++) {
                var id = OldDatabase.query(
                                ada,
                                "select (conversation).id from history.create_conversation(gen_random_uuid(), null, null, null, 'h')")
                        .getFirst();
                for (var role : new String[] {"user", "assistant", "user", "assistant"}) {
                    statement.execute(
                            "insert into messages (tenant_id, conversation_id, user_id, role, content) values ('%s', '%s', '%s', '%s', 'x')"
                                    .formatted(OldDatabase.TENANT_A, id, OldDatabase.ADA, role));
                }
            }
        }
    }
}
