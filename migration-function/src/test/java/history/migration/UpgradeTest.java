package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What earlier releases left in any phase becomes what this one makes. */
final class UpgradeTest {
    private static final Map<String, CatalogueListing> REFERENCES = new HashMap<>();

    private static final String KEEP = """
            create schema kept;
            do $$ begin
                if to_regclass('public.chat_sessions') is not null then
                    create table kept.chat_sessions as table public.chat_sessions;
                end if;
                if to_regclass('public.messages') is not null then
                    create table kept.conversations as table public.conversations;
                    create table kept.messages as table public.messages;
                    create table kept.quarantine as table history.quarantine;
                end if;
            end $$""";

    private static final String CHANGED_SESSIONS = """
            select k.id from kept.chat_sessions k left join public.conversations c on c.id = k.id
            where (k.tenant_id, k.user_id, coalesce(nullif(btrim(k.title), ''), 'New Conversation'),
                coalesce(k.metadata, '{}'), coalesce(k.created_at, k.updated_at, c.created_at),
                coalesce(k.updated_at, k.created_at, c.updated_at))
                is distinct from (c.tenant_id, c.user_id, c.title, c.metadata, c.created_at, c.updated_at)""";

    private static final String CHANGED_ARRAYS = """
            select k.id from kept.chat_sessions k left join public.chat_sessions s on s.id = k.id
            where s.id is null or k.messages is distinct from s.messages""";

    private static final String CHANGED_CONVERSATIONS = """
            select k.id from kept.conversations k left join public.conversations c on c.id = k.id
            where c.id is null or k.last_seq is not null and (k.tenant_id, k.user_id, k.title, k.metadata, k.created_at,
                k.updated_at, k.request_hash)
                is distinct from (c.tenant_id, c.user_id, c.title, c.metadata, c.created_at, c.updated_at, c.request_hash)""";

    private static final String CHANGED_MESSAGES = """
            select k.id from kept.messages k left join public.messages m on m.id = k.id
            where (k.tenant_id, k.conversation_id, k.user_id, k.seq, k.role, k.content, k.metadata, k.created_at)
                is distinct from
                (m.tenant_id, m.conversation_id, m.user_id, m.seq, m.role, m.content, m.metadata, m.created_at)""";

    /** Neither in quarantine still nor a message where it stood; a whole column stood before all messages. */
    private static final String LOST_FROM_QUARANTINE = """
            select k.conversation_id, k."position" from kept.quarantine k
            where not exists (select from history.quarantine q
                where q.conversation_id = k.conversation_id and q."position" = k."position" and q.element = k.element)
                and not exists (select from public.messages m
                where m.conversation_id = k.conversation_id and (m.seq = k."position" or k."position" = 0))""";

    /** Each on one server, under -Phunt on both. */
    static Stream<ReleaseDump> everyPhase() {
        var onTheOldest = List.of("backfilled", "complete");
        return ReleaseDump.of("prepared", "expanded", "backfilled", "migrated", "complete", "fresh")
                .filter(it -> Some.ALL || onTheOldest.contains(it.phase()) == (it.version() == PostgresVersion.V15));
    }

    @ParameterizedTest
    @MethodSource("everyPhase")
    @Tag(Some.TAG)
    void makesWhatAnEarlierReleaseLeftEqualToANewOneThatCanGoBack(ReleaseDump dump) throws Exception {
        try (var old = database(dump)) {
            old.execute(KEEP);
            assertOnlyAskedToMigrate(dump, old);

            var report = old.succeed(Action.MIGRATE);

            assertEquals(dump.isComplete() ? "complete" : "migrated", report.phase());
            assertEquals(0, report.pending());
            assertKept(dump, old);
            var listing = CatalogueListing.of(old.database());
            CatalogueListing.assertSame(reference(dump), listing);
            assertEquals(List.of(), old.findings());
            old.succeed(Action.MIGRATE);
            CatalogueListing.assertSame(listing, CatalogueListing.of(old.database()));
            assertKept(dump, old);
            if (!dump.isComplete()) {
                assertCanStillGoBack(old);
            }
        }
    }

    private static void assertCanStillGoBack(OldDatabase old) throws SQLException {
        old.succeed(Action.VERIFY);
        old.succeed(Action.ROLLBACK);

        assertEquals("r", old.value("select relkind from pg_class where oid = 'public.chat_sessions'::regclass"));
        assertEquals(List.of(), old.query(CHANGED_ARRAYS));
        old.succeed(Action.MIGRATE);
        old.succeed(Action.VERIFY);
    }

    static Stream<ReleaseDump> everyPhaseInUse() {
        return ReleaseDump.of("migrated", "complete")
                .filter(it -> Some.ALL || it.isComplete() == (it.version() == PostgresVersion.V15));
    }

    @ParameterizedTest
    @MethodSource("everyPhaseInUse")
    @Tag("hunt")
    void failsNobodyWhoWritesMeanwhile(ReleaseDump dump) throws Exception {
        try (var old = database(dump)) {
            old.execute(KEEP);
            var conversations = old.query("""
                            select id from conversations c where user_id = '%s'
                                and coalesce(jsonb_typeof(to_jsonb(c) -> 'messages'), 'array') = 'array'""".formatted(OldDatabase.ADA)).stream()
                    .map(UUID::fromString)
                    .toList();
            Traffic traffic;
            try (var running =
                    dump.isComplete() ? Traffic.ofApi(old, conversations) : new Traffic(old, conversations)) {
                traffic = running;
                traffic.await(50);
                old.succeed(Action.MIGRATE);
                traffic.await(50);
            }
            assertEquals(List.of(), List.copyOf(traffic.failures));
            traffic.assertStoredOnce("select content from messages");
            assertEquals(List.of(), old.query("""
                    select k.id from kept.messages k left join messages m on m.id = k.id
                    where (k.seq, k.content) is distinct from (m.seq, m.content)"""));
        }
    }

    @ParameterizedTest
    @MethodSource("everyPhaseInUse")
    @Tag(Some.TAG)
    void takesNoColumnOfTheTeamsForItsOwn(ReleaseDump dump) throws Exception {
        try (var old = database(dump)) {
            old.execute(
                    "alter table conversations add column archived boolean; update conversations set archived = true");

            var blocking = old.run(Action.MIGRATE).findings().stream()
                    .filter(Finding::blocks)
                    .toList();

            assertEquals(1, blocking.size(), blocking::toString);
            assertEquals(
                    "Column archived of conversations has a name that the migration needs.",
                    blocking.getFirst().finding());
            old.execute(blocking.getFirst().remedy().replaceFirst("Rename it: ", ""));
            old.succeed(Action.MIGRATE);
            assertEquals("0", old.value("select count(*) from conversations where not archived_old or archived"));
        }
    }

    private static void assertOnlyAskedToMigrate(ReleaseDump dump, OldDatabase old) throws SQLException {
        var status = old.run(Action.STATUS);
        assertEquals(
                List.of(Status.EARLIER),
                status.findings().stream().filter(Finding::blocks).toList());
        assertTrue(status.conversations() > 5, status::json);
        if (!dump.phase().equals("prepared")) {
            for (var action : List.of(Action.VERIFY, Action.ROLLBACK, Action.COMPLETE)) {
                var report = old.run(action);
                assertFalse(report.succeeded(), report::json);
                assertEquals(status.phase(), report.phase());
            }
        }
    }

    private static void assertKept(ReleaseDump dump, OldDatabase old) throws SQLException {
        if (!dump.isComplete()) {
            assertEquals(List.of(), old.query(CHANGED_SESSIONS));
            assertEquals(List.of(), old.query(CHANGED_ARRAYS));
        }
        if (!dump.phase().equals("prepared")) {
            assertEquals(List.of(), old.query(CHANGED_CONVERSATIONS));
            assertEquals(List.of(), old.query(CHANGED_MESSAGES));
            assertEquals(List.of(), old.query(LOST_FROM_QUARANTINE));
            assertTrue(Integer.parseInt(old.value("select count(*) from kept.messages")) > 10);
        }
    }

    private static OldDatabase database(ReleaseDump dump) throws Exception {
        return new OldDatabase(dump.restore(), Owner.PLAIN);
    }

    /** What this release makes of the same beginning. */
    private static CatalogueListing reference(ReleaseDump dump) throws Exception {
        var name = dump.version() + (dump.isComplete() ? dump.phase() : "migrated");
        if (!REFERENCES.containsKey(name)) {
            try (var made = dump.phase().equals("fresh")
                    ? new OldDatabase(empty(dump), Owner.PLAIN)
                    : OldDatabase.empty(dump.version(), Owner.PLAIN)) {
                made.succeed(Action.MIGRATE);
                if (dump.phase().equals("complete")) {
                    made.complete();
                }
                REFERENCES.put(name, CatalogueListing.of(made.database()));
            }
        }
        return Objects.requireNonNull(REFERENCES.get(name));
    }

    private static PostgresDatabase empty(ReleaseDump dump) throws Exception {
        var database = PostgresServer.shared(dump.version()).createDatabase();
        ReleaseDump.restore(
                database,
                "grant create on schema public to %1$s; grant create on database %2$s to %1$s"
                        .formatted(ReleaseDump.OWNER, database.name()));
        return database;
    }
}
