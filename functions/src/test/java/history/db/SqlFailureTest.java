package history.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.auth.Caller;
import history.failure.Failure;
import history.fixture.Call;
import history.fixture.Configured;
import history.fixture.World;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each class of errors means, raised by a real server. */
final class SqlFailureTest {
    private static final World WORLD = World.create();
    private static final Database DATABASE = Configured.read(WORLD.environment(), Database::from);
    private static final Caller ADA =
            new Caller(WORLD.ada().userId(), WORLD.ada().tenantId().toString());

    @BeforeAll
    static void makeThemRaisable() throws SQLException {
        WORLD.execute("""
                create function public.fail(state text) returns integer language plpgsql as $$
                begin
                    raise exception using errcode = state, message = 'these are the words';
                end $$;
                create function history.fail(state text) returns integer language plpgsql as $$
                begin
                    raise exception using errcode = state, message = 'these are the words';
                end $$""");
    }

    @AfterAll
    static void close() {
        DATABASE.close();
        WORLD.close();
    }

    @ParameterizedTest
    @CsvSource({
        "PT403, FORBIDDEN, FORBIDDEN",
        "PT410, GONE, GONE",
        "PT429, LIMITED, LIMITED",
        "PT503, NOT_MIGRATED, NOT_MIGRATED",
        "42P01, NOT_MIGRATED, NOT_MIGRATED",
        "42883, NOT_MIGRATED, NOT_MIGRATED",
        "22003, bug, bug",
        "22P05, bug, bug",
        "22023, bug, bug",
        "54000, bug, bug",
        "54001, bug, bug",
        "25006, DATABASE_AWAY, bug",
        "28000, DATABASE_AWAY, DATABASE_AWAY",
        "40001, DATABASE_AWAY, DATABASE_AWAY",
        "40P01, DATABASE_AWAY, DATABASE_AWAY",
        "53100, DATABASE_AWAY, DATABASE_AWAY",
        "53300, DATABASE_AWAY, DATABASE_AWAY",
        "55P03, DATABASE_AWAY, DATABASE_AWAY",
        "57014, DATABASE_AWAY, DATABASE_AWAY",
        "57P01, DATABASE_AWAY, DATABASE_AWAY",
        "57P05, DATABASE_AWAY, DATABASE_AWAY",
        "58030, DATABASE_AWAY, DATABASE_AWAY",
        "08006, DATABASE_AWAY, DATABASE_AWAY",
        "0A000, bug, bug",
        "21000, bug, bug",
        "23505, bug, bug",
        "25001, bug, bug",
        "42501, bug, bug",
        "42601, bug, bug",
        "P0001, bug, bug",
        "P0004, bug, bug",
        "XX000, bug, bug"
    })
    void eachClassHasItsMeaning(String state, String writing, String reading) {
        var sql = "select " + (state.startsWith("PT") ? "history" : "public") + ".fail('" + state + "')";
        assertMeans(writing, state, () -> DATABASE.write(ADA, new history.db.Call(sql), SqlFailureTest::nothing));
        assertMeans(writing, state, () -> DATABASE.writeOnce(ADA, new history.db.Call(sql), SqlFailureTest::nothing));
        assertMeans(reading, state, () -> DATABASE.read(ADA, new history.db.Call(sql), SqlFailureTest::nothing));
    }

    private static void assertMeans(String meaning, String state, Runnable call) {
        var failure = assertThrows(RuntimeException.class, call::run, state);
        assertEquals(meaning, failure instanceof Failure known ? known.kind().name() : "bug", state);
        var message = String.valueOf(failure.getMessage());
        if (meaning.equals("bug") || meaning.equals("DATABASE_AWAY")) {
            assertTrue(message.startsWith("SQLSTATE " + state + " in history.db.SqlFailureTest."), message);
        }
        assertEquals(state.startsWith("PT"), message.contains("these are the words"), message);
        assertEquals(
                state.startsWith("PT"),
                String.valueOf(failure.getCause()).contains("these are the words"),
                "somebody else's words may be those of a message");
    }

    /** The words of our own limits are for the caller. */
    @Test
    void aLimitOfOursSaysWhatIsTooMuch() throws SQLException {
        WORLD.execute("""
                create function history.filled() returns integer language plpgsql as $$
                begin
                    raise program_limit_exceeded using message = 'The conversation is full.';
                end $$;
                create function public.too_much() returns void language sql security definer
                begin atomic select history.refuse_message('Hello', '{}', null, 3); end""");
        assertSays("content has 5 bytes; at most 3.", "select public.too_much()");
        assertSays("The conversation is full.", "select history.filled()");
    }

    /** The server's own words may have the name of an index or a value. */
    @Test
    void aLimitOfTheServerIsToldWithoutItsNames() throws SQLException {
        WORLD.execute("create index team_secret_idx on public.messages (content)");
        try {
            var random = new java.util.Random(1);
            var letters = random.ints(6000, 'a', 'z' + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
            var answer = WORLD.call(
                    Call.post("/api/chat", "{\"message\":\"" + letters + "\"}").as(WORLD.ada()));
            assertEquals(422, answer.status(), answer::body);
            assertEquals(
                    "A value in the request exceeds a limit of the database, such as that of an index.",
                    answer.json().path("detail").asText());
        } finally {
            WORLD.execute("drop index public.team_secret_idx");
        }
        assertSays("A value in the request cannot be stored.", "select set_config('TimeZone', 'Ada/Nowhere', true)");
    }

    private static void assertSays(String words, String sql) {
        var failure = assertThrows(
                Failure.class, () -> DATABASE.write(ADA, new history.db.Call(sql), SqlFailureTest::nothing));
        assertEquals(Failure.Kind.INVALID, failure.kind());
        assertEquals(words, failure.message());
    }

    @Test
    void aCallWithoutTimeIsNoExcuseForTheDatabase() {
        var answer = WORLD.api()
                .callWithin(
                        java.time.Duration.ofMillis(900),
                        Call.get("/api/conversations").as(WORLD.ada()));
        assertEquals(503, answer.status());
        assertTrue(answer.body().contains("or this call has no time left"), answer::body);
    }

    /** What a trigger, a check or another function of the team's divides by is no value of the request, whatever language it is in. */
    @Test
    void anErrorWithinAFunctionOfTheTeamIsNotTheRequests() throws SQLException {
        WORLD.execute("""
                create function history.divides() returns integer language plpgsql as $$ begin return 1 / 0; end $$;
                create function history.assigns() returns integer language plpgsql as $$
                declare value integer; begin value := '(' || ')'; return value; end $$;
                create function public."Divides ()"() returns integer language plpgsql as $$ begin return 1 / 0; end $$;
                create function public.inner_one() returns integer language sql as 'select 1 / 0';
                create function public.outer_one() returns integer language plpgsql as $$ begin perform public.inner_one(); return 1; end $$;
                create function history.calls() returns integer language plpgsql as $$ begin return public.outer_one(); end $$;
                create function public.calls() returns integer language plpgsql as $$ begin return history.divides(); end $$;
                create table public.conversations_of_the_team (id integer constraint team_conversations_pkey primary key);
                insert into public.conversations_of_the_team values (1);
                create function public.again() returns integer language plpgsql security definer as $$
                begin insert into public.conversations_of_the_team values (1); return 1; end $$""");
        var cannot = "A value in the request cannot be stored.";
        for (var ours : new String[] {"1 / 0", "history.divides()", "history.assigns()", "public.calls()"}) {
            assertSays(cannot, "select " + ours);
        }
        for (var theirs :
                new String[] {"public.\"Divides ()\"()", "public.outer_one()", "history.calls()", "public.again()"}) {
            var call = new history.db.Call("select " + theirs);
            var failure = assertThrows(
                    IllegalStateException.class, () -> DATABASE.write(ADA, call, SqlFailureTest::nothing), theirs);
            var cause = String.valueOf(failure.getCause());
            assertTrue(cause.contains("PL/pgSQL function "), cause);
            assertFalse(cause.contains("zero") || cause.contains("Key"), cause);
        }
    }

    /** What the caller hears of the same. */
    @Test
    void noAnswerIsAWrongExcuse() throws SQLException {
        var path = "/api/conversations/"
                + WORLD.call(Call.post("/api/conversations", "{}").as(WORLD.ada()))
                        .json()
                        .path("id")
                        .asText();
        WORLD.execute("""
                create table public.failing (state text);
                grant select on public.failing to authenticated;
                create function public.failing() returns trigger language plpgsql as $$
                begin
                    raise exception using errcode = (select state from public.failing), message = 'metadata is too much.';
                end $$;
                create trigger failing before update on public.conversations for each row execute function public.failing()""");
        try {
            for (var expected : new String[] {
                "22023 500",
                "54001 500",
                "42501 500",
                "23514 500",
                "53200 503",
                "57014 503",
                "PT403 500",
                "PT410 500",
                "PT429 500",
                "XX001 500"
            }) {
                var state = expected.split(" ", 2)[0];
                WORLD.execute("delete from public.failing; insert into public.failing values ('" + state + "')");
                var answer = WORLD.call(
                        Call.patch(path, "{\"title\":\"" + state + "\"}").as(WORLD.ada()));
                assertEquals(expected, state + " " + answer.status(), answer::body);
                assertEquals(
                        answer.status() == 503, answer.header("retry-after").isPresent());
                assertFalse(answer.body().contains("metadata is too much."), answer::body);
            }
        } finally {
            WORLD.execute("drop trigger failing on public.conversations");
        }
    }

    private static int nothing(ResultSet rows) {
        return 0;
    }
}
