package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class MigrationTest {
    /** Everything about the old table that the old application could notice. */
    private static final String SHAPE = """
            select string_agg(line, E'\\n' order by line) from (
                select format('column %s %s %s %s', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                    pg_get_expr(d.adbin, d.adrelid)) as line
                from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                where a.attrelid = 'public.chat_sessions'::regclass and a.attnum > 0 and not a.attisdropped
                union all select indexdef from pg_indexes where schemaname = 'public' and tablename = 'chat_sessions'
                union all select pg_get_constraintdef(oid) || conname from pg_constraint
                    where conrelid = 'public.chat_sessions'::regclass and contype <> 'n'
                union all select pg_get_triggerdef(oid) from pg_trigger
                    where tgrelid = 'public.chat_sessions'::regclass and not tgisinternal
                union all select p::text from pg_policies p where tablename = 'chat_sessions'
                union all select a::text from pg_class c cross join aclexplode(c.relacl) a
                    where c.oid = 'public.chat_sessions'::regclass
                union all select format('kind %s security %s %s', relkind, relrowsecurity, relforcerowsecurity)
                    from pg_class where oid = 'public.chat_sessions'::regclass
            ) every""";

    private static final String CHANGED = """
            select coalesce(k.id, s.id) from kept.chat_sessions k
            full join public.chat_sessions s on s.id = k.id
            where k is distinct from s""";

    private static final String UPDATED = """
            select k.id from kept.chat_sessions k join public.conversations c on c.id = k.id
            where c.updated_at is distinct from coalesce(k.updated_at, k.created_at, c.updated_at)""";

    /** A superuser on the newest server, the others on the oldest; under -Phunt everybody on both. */
    static Stream<Arguments> everyOwner() {
        return Stream.of(PostgresVersion.values())
                .flatMap(version -> Stream.of(Owner.values())
                        .filter(owner -> Some.ALL || (owner == Owner.SUPERUSER) == (version == PostgresVersion.V18))
                        .map(owner -> Arguments.of(version, owner)));
    }

    @ParameterizedTest
    @MethodSource("everyOwner")
    @Tag(Some.TAG)
    void movesEveryElementAndGoesBack(PostgresVersion version, Owner owner) throws Exception {
        try (var old = OldDatabase.withEdgeCases(version, owner)) {
            assertMovesEveryElementAndGoesBack(old, 65);
        }
    }

    @Some("V15")
    void movesALongArrayInSlices(PostgresVersion version) throws Exception {
        try (var old = OldDatabase.withALongArray(version, Owner.PLAIN)) {
            assertMovesEveryElementAndGoesBack(old, 10_045);
        }
    }

    private static void assertMovesEveryElementAndGoesBack(OldDatabase old, int messages) throws SQLException {
        var shape = old.value(SHAPE);

        var report = old.succeed(Action.MIGRATE);

        assertEquals("migrated", report.phase());
        assertEquals(0, report.pending());
        assertEquals(messages, report.messages());
        assertEquals(14, report.quarantined());
        assertEquals(List.of(), old.query(UPDATED));
        assertEquals(
                List.of(),
                old.query(
                        "select s.id from kept.chat_sessions k join public.chat_sessions s on s.id = k.id where s.messages is distinct from k.messages"));
        assertEquals(List.of(), old.findings());
        old.succeed(Action.VERIFY);

        old.succeed(Action.ROLLBACK);

        assertEquals(shape, old.value(SHAPE));
        assertEquals(List.of(), old.query(CHANGED));
        old.succeed(Action.MIGRATE);
        assertEquals(List.of(), old.query(UPDATED));
    }

    @Some("V15")
    void completesAndThenRefusesToGoBack(PostgresVersion version) throws Exception {
        try (var old = OldDatabase.withEdgeCases(version, Owner.PLAIN)) {
            assertTrue(old.run(Action.COMPLETE).findings().getFirst().blocks());
            old.succeed(Action.MIGRATE);
            var rows = old.value("select md5(string_agg(m::text, '' order by m.id)) from messages m");
            var quarantine = old.value("select count(*) from history.quarantine");

            old.complete();

            assertEquals(rows, old.value("select md5(string_agg(m::text, '' order by m.id)) from messages m"));
            assertEquals(quarantine, old.value("select count(*) from history.quarantine"));
            assertEquals(List.of(), old.query(UPDATED));
            assertEquals("null", old.value("select to_regclass('public.chat_sessions')"));
            assertEquals(List.of(), old.query("""
                    select attname from pg_attribute
                    where attrelid = 'public.conversations'::regclass and attname = 'messages'"""));
            var refused = old.run(Action.ROLLBACK);
            assertFalse(refused.succeeded());
            assertTrue(refused.findings().getFirst().finding().contains("nothing to go back to"));
            assertEquals("complete", old.succeed(Action.MIGRATE).phase());
            assertEquals(List.of(), old.findings());
        }
    }

    @Some("V15")
    void completesAFreshDatabaseAtOnce(PostgresVersion version) throws Exception {
        try (var database = history.postgres.PostgresServer.shared(version).createDatabase()) {
            var migration = Migration.of(database.environment("postgres"));

            var report = migration.run(Action.MIGRATE);

            assertTrue(report.succeeded(), report::json);
            assertEquals("complete", report.phase());
            assertEquals(List.of(), OldDatabase.ofTheDatabase(migration.run(Action.STATUS)));
        }
    }

    @Test
    void givesAFreshDatabaseTheTablesOfAMigratedOne() throws Exception {
        var shape = """
                select string_agg(format('%s %s %s %s', attrelid::regclass, attname, atttypid::regtype, attnotnull), ','
                    order by attrelid::regclass::text, attname)
                from pg_attribute where attrelid in ('public.conversations'::regclass, 'public.messages'::regclass)
                    and attnum > 0 and not attisdropped""";
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.SUPERUSER, Action.MIGRATE);
                var fresh = new OldDatabase(
                        history.postgres.PostgresServer.shared(PostgresVersion.V18)
                                .createDatabase(),
                        Owner.SUPERUSER)) {
            old.complete();
            fresh.succeed(Action.MIGRATE);

            assertEquals(old.value(shape), fresh.value(shape));
        }
    }

    @Test
    void turnsAMendedQuarantineEntryIntoAMessage() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN, Action.MIGRATE)) {
            old.execute("""
                    update history.quarantine set element = element || '{"role":"assistant"}' where reason = 'role_unknown';
                    update history.quarantine set element = (element #>> '{}')::jsonb
                    where reason = 'not_an_array' and jsonb_typeof(element) = 'string'""");

            var report = old.succeed(Action.MIGRATE);

            assertEquals(15 - 4, report.quarantined());
            assertEquals(64 + 4, report.messages());
            assertEquals("4,5,7,13", old.value("""
                    select string_agg(seq::text, ',' order by seq) from messages m
                    join conversations c on c.id = m.conversation_id where title = 'bad elements'"""));
            assertEquals("x", old.value("""
                    select content from messages m join conversations c on c.id = m.conversation_id
                    where title = 'doubly encoded'"""));
            old.succeed(Action.VERIFY);
        }
    }

    @Some("V18")
    void letsMembersSeeTheirTenantWithoutRecursion(PostgresVersion version) throws Exception {
        try (var old = OldDatabase.withEdgeCases(version, Owner.PLAIN)) {
            try (var ada = old.caller(OldDatabase.ADA)) {
                assertTrue(String.valueOf(assertThrows(
                                        SQLException.class, () -> OldDatabase.query(ada, "select id from tenant_users"))
                                .getMessage())
                        .contains("infinite recursion"));
            }
            old.succeed(Action.MIGRATE);
            try (var ada = old.caller(OldDatabase.ADA);
                    var bob = old.caller(OldDatabase.BOB)) {
                assertEquals(
                        List.of(OldDatabase.TENANT_A), OldDatabase.query(ada, "select tenant_id from tenant_users"));
                assertEquals(List.of(OldDatabase.TENANT_B), OldDatabase.query(bob, "select id from tenants"));
                assertEquals(List.of("I am Bob"), OldDatabase.query(bob, "select content from messages"));
                assertEquals(List.of("Bob"), OldDatabase.query(bob, "select title from chat_sessions"));
                assertEquals(List.of("18"), OldDatabase.query(ada, "select count(*) from chat_sessions"));
                assertEquals(
                        List.of("0"),
                        OldDatabase.query(
                                ada,
                                "with d as (delete from tenant_users where user_id = '%s' returning 1) select count(*) from d"
                                        .formatted(OldDatabase.BOB)));
            }
        }
    }
}
