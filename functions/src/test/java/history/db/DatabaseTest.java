package history.db;

import static history.failure.Failure.Kind.NOT_MIGRATED;
import static history.fixture.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.auth.Caller;
import history.fixture.Call;
import history.fixture.Configured;
import history.fixture.Person;
import history.fixture.World;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The database rule, below every store: what a statement sees depends on the caller and on nothing it says itself. */
class DatabaseTest {
    private static final String EVERY_ROW = "select count(*) from public.conversations";

    private final World world = World.create();
    private final Database database = Configured.read(world.environment(), Database::from);

    @BeforeEach
    void adaAndBobHaveAConversationEach() {
        for (Person person : List.of(world.ada(), world.bob())) {
            assertEquals(
                    201,
                    world.call(Call.post("/api/conversations", "{}").as(person)).status());
        }
    }

    @AfterEach
    void close() {
        database.close();
        world.close();
    }

    private static Caller caller(Person person) {
        return new Caller(person.userId(), person.tenantId().toString());
    }

    private static long number(ResultSet rows) throws SQLException {
        rows.next();
        return rows.getLong(1);
    }

    @Test
    void aStatementWithoutAnyConditionSeesOnlyTheCallersRows() {
        assertEquals(1, database.read(caller(world.ada()), new history.db.Call(EVERY_ROW), DatabaseTest::number));
        assertEquals(1, database.read(caller(world.bob()), new history.db.Call(EVERY_ROW), DatabaseTest::number));
        var adaInBobsTenant =
                new Caller(world.ada().userId(), world.bob().tenantId().toString());
        assertEquals(0, database.read(adaInBobsTenant, new history.db.Call(EVERY_ROW), DatabaseTest::number));
    }

    @Test
    void itIsThePoliciesThatHideTheOthers() throws SQLException {
        world.execute("alter table public.conversations disable row level security");
        assertEquals(2, database.read(caller(world.ada()), new history.db.Call(EVERY_ROW), DatabaseTest::number));
        world.execute("""
                do $$ declare p record; begin
                  for p in select policyname, tablename from pg_policies where schemaname = 'public'
                      and tablename in ('conversations', 'messages') loop
                    execute format('drop policy %I on public.%I', p.policyname, p.tablename);
                  end loop;
                end $$;
                alter table public.conversations enable row level security;
                """);
        assertEquals(
                0,
                database.read(caller(world.ada()), new history.db.Call(EVERY_ROW), DatabaseTest::number),
                "no policy, no row");
    }

    @Test
    void nothingOfACallerStaysOnTheConnection() {
        Map<String, String> environment = new LinkedHashMap<>(world.environment());
        environment.put("DATABASE_POOL_SIZE", "1");
        try (var single = Configured.read(environment, Database::from)) {
            single.write(caller(world.ada()), new history.db.Call(EVERY_ROW), DatabaseTest::number);
            assertThrows(
                    RuntimeException.class,
                    () -> single.write(caller(world.ada()), new history.db.Call("select 1 / 0"), DatabaseTest::number));
            String before = single.read(
                    caller(world.bob()),
                    new history.db.Call(
                            "select concat(current_user, '|', current_setting('app.tenant_id'), '|', session_user)"),
                    rows -> {
                        rows.next();
                        return rows.getString(1);
                    });
            assertEquals("authenticated|" + world.bob().tenantId() + "|history_functions", before);
        }
    }

    @Test
    void aReadCannotWrite() {
        assertThrows(
                RuntimeException.class,
                () -> database.read(
                        caller(world.ada()),
                        new history.db.Call("delete from public.conversations returning 1"),
                        DatabaseTest::number));
        assertEquals(1, database.read(caller(world.ada()), new history.db.Call(EVERY_ROW), DatabaseTest::number));
    }

    @Test
    void nobodyChangesNothing() throws SQLException {
        var nobody = Caller.nobody(Instant.MAX);
        assertEquals(0, database.write(nobody, new history.db.Call(EVERY_ROW), DatabaseTest::number));
        var refused = assertThrows(
                RuntimeException.class,
                () -> database.write(
                        nobody,
                        new history.db.Call("delete from public.conversations returning 1"),
                        DatabaseTest::number));
        assertTrue(String.valueOf(refused.getMessage()).contains("25006"), refused::toString);
        assertEquals(2, database.write(caller(world.ada()), new history.db.Call("select 2"), DatabaseTest::number));
    }

    @Test
    void aSettingThatIsRefusedKeepsTheStatementFromRunning() throws SQLException {
        assertEquals(1, database.read(caller(world.ada()), new history.db.Call(EVERY_ROW), DatabaseTest::number));
        world.execute("revoke authenticated from history_functions");
        try {
            assertThrows(
                    IllegalStateException.class,
                    () -> database.write(
                            caller(world.ada()),
                            new history.db.Call("delete from public.conversations returning 1"),
                            DatabaseTest::number));
        } finally {
            world.execute("grant authenticated to history_functions");
        }
        assertEquals(1, database.read(caller(world.ada()), new history.db.Call(EVERY_ROW), DatabaseTest::number));
    }

    @Test
    void whetherTheSchemaMayBeUsedIsAskedUntilItMay() throws SQLException {
        for (var right : List.of("authenticated", "usage on schema history")) {
            var role = right.equals("authenticated") ? "history_functions" : "authenticated";
            try (var fresh = Configured.read(world.environment(), Database::from)) {
                world.execute("revoke %s from %s".formatted(right, role));
                assertFails(
                        NOT_MIGRATED,
                        () -> fresh.read(caller(world.ada()), new history.db.Call(EVERY_ROW), DatabaseTest::number));
                world.execute("grant %s to %s".formatted(right, role));
                assertEquals(1, fresh.read(caller(world.ada()), new history.db.Call(EVERY_ROW), DatabaseTest::number));
            }
        }
    }

    @Test
    void aRowThatAPolicyRefusesIsABugOfTheStatement() {
        var bobs = "insert into public.conversations (id, tenant_id, user_id, last_seq, message_count)"
                + " values ('%s', '%s', '%s', 0, 0) returning 1"
                        .formatted(
                                UUID.randomUUID(),
                                world.bob().tenantId(),
                                world.bob().userId());
        var bug = assertThrows(
                IllegalStateException.class,
                () -> database.write(caller(world.ada()), new history.db.Call(bobs), DatabaseTest::number));
        var message = String.valueOf(bug.getMessage());
        assertTrue(message.startsWith("SQLSTATE 42501 in history.db.DatabaseTest."), message);
    }
}
