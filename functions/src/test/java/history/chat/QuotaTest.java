package history.chat;

import static history.chat.UserMessages.regenerate;
import static history.chat.UserMessages.submit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.chat.model.ModelFailure;
import history.chat.model.ScriptedModel;
import history.chat.model.ScriptedModel.Script;
import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.Person;
import history.fixture.World;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How much a user may ask in a minute, and a tenant's answers may take in a day. */
class QuotaTest {
    private static final String HI = "{\"message\": \"Hi\"}";

    enum Edition {
        ARRAYS,
        ROWS;

        Chats with(String variable, int most, Script... scripts) {
            var world = this == ROWS ? World.create() : World.beforeMigration();
            return Chats.in(world, Map.of(variable, String.valueOf(most)), new ScriptedModel(scripts));
        }
    }

    private static Chats turns(int most, Script... scripts) {
        return Edition.ROWS.with("LIMIT_TURNS_PER_MINUTE", most, scripts);
    }

    private static Answer send(Chats chats, Person person) {
        return chats.api().call(Call.post("/api/chat", HI).as(person));
    }

    private static List<Integer> send(Chats chats, int times) {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            statuses.add(chats.send(HI).status());
        }
        return statuses;
    }

    /** As if so many seconds had gone by. */
    private static void pass(Chats chats, int seconds) throws SQLException {
        chats.world()
                .execute(
                        "update history.granted_turns set moments = array(select m - interval '%d s' from unnest(moments) m)"
                                .formatted(seconds));
    }

    private static void set(Chats chats, String settings) throws SQLException {
        chats.world()
                .execute("update public.tenants set settings = '%s' where id = '%s'"
                        .formatted(settings, chats.ada().tenantId()));
    }

    private static int seconds(Answer refused) {
        return Integer.parseInt(refused.header("retry-after").orElseThrow());
    }

    @ParameterizedTest
    @EnumSource
    void ofTwentyAtOnceExactlyAsManyAreGrantedAsThereMayBe(Edition edition) throws Exception {
        try (var chats = edition.with("LIMIT_TURNS_PER_MINUTE", 5, Script.says("Hello"))) {
            for (int round = 1; round <= 3; round++) {
                List<CompletableFuture<Answer>> answers = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    answers.add(chats.sendLater(HI));
                }
                int granted = 0;
                for (var each : answers) {
                    var answer = each.get();
                    assertTrue(answer.status() == 200 || answer.status() == 429, answer.body());
                    granted += answer.status() == 200 ? 1 : 0;
                }
                assertEquals(5, granted);
                assertEquals(5 * round, chats.model().calls());
                var table = edition == Edition.ROWS ? "conversations" : "chat_sessions";
                assertEquals(List.of(String.valueOf(5 * round)), chats.query("select count(*) from public." + table));
                pass(chats, 60);
            }
        }
    }

    @Test
    void theMinuteSlides() throws Exception {
        try (var chats = turns(2, Script.says("Hello"))) {
            assertEquals(List.of(200), send(chats, 1));
            pass(chats, 40);
            assertEquals(List.of(200, 429), send(chats, 2));
            assertTrue(seconds(chats.send(HI)) <= 20);
            pass(chats, 20);
            assertEquals(List.of(200, 429), send(chats, 2));
            var refused = chats.send(HI);
            assertTrue(seconds(refused) > 20 && seconds(refused) <= 40, refused.headers()::toString);
            pass(chats, 60);
            assertEquals(List.of(200, 200, 429), send(chats, 3));
            pass(chats, -3600); // the clock was put back
            assertEquals(List.of(200), send(chats, 1));
        }
    }

    @Test
    void saysWhatIsLeftAndWhenThereIsMore() {
        try (var chats = turns(2, Script.says("Hello"))) {
            for (int left = 1; left >= 0; left--) {
                var answer = chats.send(submit("fxdiMJBq7aYLXZR" + left, "m1", "Hi"));
                assertEquals(200, answer.status(), answer.body());
                assertEquals(
                        "\"turns\";q=2;w=60", answer.header("ratelimit-policy").orElse(""));
                var state = answer.header("ratelimit").orElse("");
                assertTrue(state.matches("\"turns\";r=" + left + ";t=(5\\d|60)"), state);
            }
            var refused = chats.send(HI);
            assertEquals(429, refused.status(), refused.body());
            assertEquals(
                    "\"turns\";q=2;w=60", refused.header("ratelimit-policy").orElse(""));
            assertEquals(
                    "\"turns\";r=0;t=" + seconds(refused),
                    refused.header("ratelimit").orElse(""));
            var problem = refused.json();
            assertEquals(
                    "urn:conversation-history:limit-reached",
                    problem.path("type").asText());
            assertEquals(
                    "Limit reached: 2 turns a minute. Nothing was stored.",
                    problem.path("detail").asText());
        }
    }

    @Test
    void saysItAlsoWhenTheModelFails() {
        for (var failure : List.of(new ModelFailure.Failed("The model broke"), new ModelFailure.RateLimited(null))) {
            try (var chats = turns(2, Script.says().thenFails(failure))) {
                var failed = chats.send(HI);
                assertEquals(failure instanceof ModelFailure.Failed ? 502 : 429, failed.status(), failed.body());
                assertEquals(
                        "\"turns\";q=2;w=60", failed.header("ratelimit-policy").orElse(""));
                assertTrue(failed.header("ratelimit").orElse("").startsWith("\"turns\";r=1;"));
            }
        }
    }

    @Test
    void refusesInEveryDialectBeforeAStreamBegins() {
        List<String> bodies = List.of(
                HI,
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}",
                submit("fxdiMJBq7aYLXZRi", "m1", "Hi"),
                regenerate("fxdiMJBq7aYLXZRi", "m1", "Hi"));
        try (var chats = turns(1, Script.says("Hello"))) {
            assertEquals(List.of(200), send(chats, 1));
            for (var body : bodies) {
                var call = Call.post("/api/chat", body).header("Accept", "text/event-stream");
                var refused = chats.api().call(call.as(chats.ada()));
                assertEquals(429, refused.status(), refused.body());
                assertEquals(
                        "application/problem+json",
                        refused.header("content-type").orElse(""));
                assertTrue(seconds(refused) >= 1);
            }
            assertEquals(List.of("1"), chats.query("select count(*) from public.conversations"));
            assertEquals(1, chats.model().calls());
        }
    }

    @Test
    void countsWhatAsksTheModelAndNothingElse() {
        var failure = new ModelFailure.Failed("The model broke");
        try (var chats = turns(3, Script.says("One"), Script.says().thenFails(failure), Script.says("Three"))) {
            String chat = "fxdiMJBq7aYLXZRi";
            assertEquals(200, chats.send(submit(chat, "m1", "Hi")).status());
            assertEquals(200, chats.send(submit(chat, "m1", "Hi")).status());
            assertEquals(422, chats.send("{\"message\": \"\"}").status());
            assertEquals(
                    404,
                    chats.send("{\"message\":\"Hi\",\"conversation_id\":\""
                                    + chats.ada().userId() + "\"}")
                            .status());
            assertEquals(200, chats.send(regenerate(chat, "m1", "Hi")).status());
            assertEquals(200, chats.send(HI, "key").status());
            assertEquals(422, chats.send("{\"message\": \"Ho\"}", "key").status());
            var again = chats.send(HI, "key");
            assertEquals("true", again.header("idempotency-replayed").orElse(""), again.body());
            assertEquals(List.of(429), send(chats, 1));
            assertEquals(3, chats.model().calls());
        }
    }

    @Test
    void whatIsAlreadyBeingAnsweredDoesNotCount() throws Exception {
        var go = new CountDownLatch(1);
        try (var chats = turns(2, Script.says("Hello").onlyAfter(go))) {
            String body = submit("fxdiMJBq7aYLXZRi", "m1", "Hi");
            var first = chats.sendLater(body);
            Chats.await(() -> chats.model().calls() == 1);
            assertEquals(409, chats.send(body).status());
            go.countDown();
            assertEquals(200, first.get().status());
            assertEquals(List.of(200, 429), send(chats, 2));
        }
    }

    @Test
    void theSettingsOfATenantGoFirst() throws Exception {
        try (var chats = turns(1, Script.says("Hello"))) {
            set(chats, "{\"limit_turns_per_minute\": 2}");
            assertEquals(List.of(200, 200, 429), send(chats, 3));
            set(chats, "{\"limit_turns_per_minute\": \"none\"}");
            assertEquals(List.of(200, 200), send(chats, 2));
            set(chats, "{\"limit_tokens_per_day\": 1}");
            pass(chats, 60);
            var refused = chats.send(HI);
            assertEquals(
                    "Limit reached: 1 tokens a day (UTC) for your tenant. Nothing was stored.",
                    refused.json().path("detail").asText());
            assertEquals(
                    "\"turns\";q=1;w=60, \"tokens\";q=1;w=86400;qu=\"tokens\"",
                    refused.header("ratelimit-policy").orElse(""));
            assertTrue(refused.header("ratelimit").orElse("").startsWith("\"turns\";r=1;t=0, \"tokens\";r=0;t="));
            for (var wrong : List.of("0", "-1", "1.5", "\"2\"", "true", "[2]", "12345678901", "null")) {
                set(chats, "{\"limit_turns_per_minute\": " + wrong + "}");
                pass(chats, 60);
                assertEquals(List.of(200, 429), send(chats, 2), wrong);
            }
            set(chats, "[]");
            assertEquals(List.of(429), send(chats, 1));
            assertEquals(200, send(chats, chats.world().bob()).status());
        }
    }

    @Test
    void othersHaveLimitsOfTheirOwn() throws Exception {
        try (var chats = turns(1, Script.says("Hello"))) {
            var colleague = chats.world().person(chats.ada().tenantId(), "user");
            for (var person : List.of(chats.ada(), colleague, chats.world().bob())) {
                assertEquals(200, send(chats, person).status());
                assertEquals(429, send(chats, person).status());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTenantsTokensAreThoseOfAllItsUsersOnADay(Edition edition) throws Exception {
        // Each answer takes one token for the question and two for the words.
        try (var chats = edition.with("LIMIT_TOKENS_PER_DAY", 6, Script.says("Hel", "lo"))) {
            var colleague = chats.world().person(chats.ada().tenantId(), "user");
            var first = chats.send(HI);
            assertEquals(
                    "\"tokens\";q=6;w=86400;qu=\"tokens\"",
                    first.header("ratelimit-policy").orElse(""));
            assertTrue(first.header("ratelimit").orElse("").matches("\"tokens\";r=6;t=\\d+"));
            assertTrue(send(chats, colleague).header("ratelimit").orElse("").startsWith("\"tokens\";r=3;"));
            for (var person : List.of(chats.ada(), colleague)) {
                var refused = send(chats, person);
                assertEquals(429, refused.status(), refused.body());
                assertTrue(seconds(refused) >= 1 && seconds(refused) <= 86_400);
            }
            assertEquals(200, send(chats, chats.world().bob()).status());
            chats.world().execute("update history.spent_tokens set day = day - 1");
            assertEquals(200, chats.send(HI).status());
            assertEquals(
                    List.of("0 3", "1 3"),
                    chats.query(
                            "select count(*) filter (where t.day < s.day) || ' ' || s.tokens from history.spent_tokens s"
                                    + " cross join history.spent_tokens t group by s.tenant_id, s.day, s.tokens order by 1"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatNobodyKeepsHasTakenItsTokens(Edition edition) throws Exception {
        var go = new CountDownLatch(1);
        try (var chats =
                edition.with("LIMIT_TOKENS_PER_DAY", 3, Script.says("Hel", "lo").thenWaitsFor(go))) {
            var answer = chats.sendLater(HI);
            Chats.await(() -> chats.model().calls() == 1);
            var id = chats.api()
                    .call(Call.get("/api/conversations").as(chats.ada()))
                    .json()
                    .at("/0/id")
                    .asText();
            assertEquals(
                    204,
                    chats.api()
                            .call(Call.delete("/api/conversations/" + id).as(chats.ada()))
                            .status());
            go.countDown();
            assertEquals(404, answer.get().status());
            assertEquals(429, chats.send(HI).status());
        }
    }

    @Test
    void countsNothingWithoutALimitOfTurns() {
        try (var chats = Chats.with(Script.says("Hello"))) {
            var answer = chats.send(HI);
            assertFalse(answer.header("ratelimit").isPresent());
            assertFalse(answer.header("ratelimit-policy").isPresent());
            assertEquals(List.of(), chats.query("select user_id from history.granted_turns"));
        }
    }

    /** What the functions' role becomes may call the functions that count, which only ever add. */
    @Test
    void nobodyTakesBackWhatWasCounted() throws Exception {
        try (var chats = turns(1, Script.says("Hello"))) {
            assertEquals(List.of(200), send(chats, 1));
            try (var connection = chats.world().database().connect(World.FUNCTIONS_ROLE);
                    var statement = connection.createStatement()) {
                statement.execute(
                        "set role authenticated; set app.tenant_id = '%s'; set request.jwt.claims = '{\"sub\":\"%s\"}'"
                                .formatted(chats.ada().tenantId(), chats.ada().userId()));
                for (var table : List.of("granted_turns", "spent_tokens")) {
                    for (var sql : List.of("delete from history.%s", "truncate history.%s", "select from history.%s")) {
                        var refused = assertThrows(SQLException.class, () -> statement.execute(sql.formatted(table)));
                        assertEquals("42501", refused.getSQLState());
                    }
                }
                statement.execute("select history.grant_turn('{\"limit_turns_per_minute\": 99}')");
                statement.execute("select history.grant_turn(null)");
                statement.execute(
                        "select history.count_tokens('{\"usage\": {\"input_tokens\": -9, \"output_tokens\": -9e20}}')");
            }
            assertEquals(List.of("2"), chats.query("select cardinality(moments) from history.granted_turns"));
            assertEquals(List.of("2"), chats.query("select tokens from history.spent_tokens"));
            assertEquals(List.of(429), send(chats, 1));
        }
    }
}
