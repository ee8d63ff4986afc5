package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** {@code turn_cases.sql} says what a turn does; both editions of its functions do it. */
final class TurnCasesTest {
    private static final String CASES = "turn_cases.sql";
    private static final Pattern CASE = Pattern.compile("(select .*;)\\s+-- (.*)");

    private static final String MISCOUNTED = """
            select c.id from conversations c
            left join (select conversation_id, count(*) as messages, max(created_at) as newest
                from messages where current group by 1) m on m.conversation_id = c.id
            where c.message_count <> coalesce(m.messages, 0) or c.last_message_at is distinct from m.newest""";

    private record Expected(String rows, String arrays) {
        static Expected of(String words) {
            var either = words.split(" \\| ", -1);
            return new Expected(either[0].strip(), either[either.length - 1].strip());
        }
    }

    @Some("V18")
    void rowsDoWhatTheCasesSay(PostgresVersion version) throws Exception {
        try (var old = database(version, Action.MIGRATE)) {
            assertEquals(cases(true), done(old));

            assertEquals(List.of(), old.query(MISCOUNTED));
            old.succeed(Action.VERIFY);
            var parts = "select parts::text from messages where parts is not null order by 1";
            var before = old.query(parts);
            assertEquals(18, before.size());
            old.succeed(Action.ROLLBACK);
            old.succeed(Action.MIGRATE);
            assertEquals(before, old.query(parts));
            old.succeed(Action.VERIFY);
        }
    }

    @Some("V15")
    void arraysDoWhatTheyCan(PostgresVersion version) throws Exception {
        try (var old = database(version, Action.PREPARE)) {
            assertEquals(cases(false), done(old));
        }
    }

    /** The question's mark, which expand brings to its row, tells whose end it is, also when the question was edited since. */
    @Some("V15")
    void anAttemptFromBeforeTheSwitchIsKnownByItsMark(PostgresVersion version) throws Exception {
        try (var old = database(version, Action.PREPARE)) {
            try (var ada = ada(old, "switch")) {
                assertEquals("granted", outcome(ada, "select cases.claim('Hi', 'm1', lease => '-1 second')"));
            }
            old.succeed(Action.MIGRATE);
            try (var ada = ada(old, "switch")) {
                assertEquals("true", outcome(ada, "select cases.flush('Hel')"));
                assertEquals("granted", outcome(ada, "select cases.claim('Ho', 'm1', 'a2')"));
                assertEquals("stored", outcome(ada, "select cases.finish('failed', '', 'a2')"));
                assertEquals("replaced", outcome(ada, "select cases.finish('completed', 'Hello')"));
                assertEquals("Ho,  (failed)", outcome(ada, "select cases.shown()"));
            }
        }
    }

    @Some("V15")
    void ofTwentyEqualClaimsOneIsGranted(PostgresVersion version) throws Exception {
        for (var action : List.of(Action.MIGRATE, Action.PREPARE)) {
            try (var old = database(version, action);
                    var threads = Executors.newFixedThreadPool(20)) {
                List<Callable<String>> claims = new ArrayList<>();
                for (var i = 0; i < 20; i++) {
                    var sql = "select cases.claim('Hi', 'm1', 'a%d')".formatted(i);
                    claims.add(() -> {
                        try (var ada = ada(old, "race")) {
                            return outcome(ada, sql);
                        }
                    });
                }
                List<String> outcomes = new ArrayList<>();
                for (var claim : threads.invokeAll(claims)) {
                    outcomes.add(claim.get());
                }
                assertEquals(1, Collections.frequency(outcomes, "granted"), outcomes::toString);
                assertEquals(19, Collections.frequency(outcomes, "busy"), outcomes::toString);
                try (var ada = ada(old, "race")) {
                    assertEquals(
                            action == Action.MIGRATE ? "Hi,  (running)" : "Hi", outcome(ada, "select cases.shown()"));
                }
            }
        }
    }

    /** Nobody hides a conversation that was deleted and created again between two looks at it. */
    @Some("V15")
    void aConversationThatIsCreatedMeanwhileIsNotHidden(PostgresVersion version) throws Exception {
        var delete = "select outcome from history.delete_conversation(cases.conversation(), null)";
        try (var old = database(version, Action.MIGRATE);
                var first = ada(old, "lost");
                var second = ada(old, "lost");
                var threads = Executors.newSingleThreadExecutor()) {
            for (var call :
                    List.of("claim('Ho', 'm1', 'a2', target => 'm1') -- busy", "finish('failed', '') -- missing")) {
                outcome(first, "select cases.claim('Hi', 'm1')");
                first.setAutoCommit(false);
                assertEquals("done", outcome(first, delete));
                var waits = threads.submit(() -> outcome(second, "select cases." + call));
                while (old.query("select pid from pg_stat_activity where wait_event_type = 'Lock'")
                        .isEmpty()) {
                    assertFalse(waits.isDone());
                    Thread.onSpinWait();
                }
                outcome(first, "select cases.claim('Hi', 'm1', 'a3')");
                first.commit();
                first.setAutoCommit(true);
                assertEquals(call.split(" -- ", 2)[1], waits.get());
                assertEquals("done", outcome(first, delete));
            }
        }
    }

    /** Whatever is sent, made anew, edited, deleted and stopped: each shown answer is behind its question, and no turn is answered twice. */
    @Some("V15")
    void aChatStaysInOrder(PostgresVersion version) throws Exception {
        var outOfOrder = """
                select string_agg(m.conversation_id::text, ', ') from messages m
                where m.current and m.role = 'assistant' and m.reply_to is distinct from (
                    select q.id from messages q where q.conversation_id = m.conversation_id and q.current
                        and (q.role = 'user' or q.reply_to = m.reply_to) and q.seq < m.seq order by q.seq desc limit 1)""";
        try (var old = database(version, Action.MIGRATE)) {
            for (var seed = 1; seed <= (Some.ALL ? 50 : 10); seed++) {
                var random = new Random(seed);
                List<String> walk = new ArrayList<>();
                try (var ada = ada(old, "walk " + seed)) {
                    for (var i = 1; i <= 15; i++) {
                        var message = "m" + (1 + random.nextInt(3));
                        var answer = "a" + random.nextInt(i);
                        var claim = switch (random.nextInt(9)) {
                            case 0, 1, 2 -> "claim('%1$s', '%1$s', '%%s', key => 'k%2$d')";
                            case 3 -> "claim('edit %2$d', '%1$s', '%%s', key => 'k%2$d')";
                            case 4, 5 ->
                                "claim(null, null, '%%s', true, target => '%1$s', key => 'k%2$d', body => 'x')";
                            case 6 -> "claim('m3', 'm3', '%%s', list => 'm1=m1, m2=m2', key => 'k%2$d')";
                            case 7 -> "delete('%3$s')";
                            default -> random.nextBoolean() ? "delete('%1$s')" : "stop()";
                        };
                        claim = "select cases." + claim.formatted(message, i, answer);
                        var outcome = outcome(ada, claim.formatted("a" + i));
                        var end = List.of("completed", "completed", "failed", "running")
                                .get(random.nextInt(4));
                        walk.add(claim.formatted("a" + i) + " -- " + outcome + ", " + end);
                        if (outcome.startsWith("granted") && !end.equals("running")) {
                            outcome(ada, "select cases.finish('%s', 'Answer', 'a%d')".formatted(end, i));
                            var again = end.equals("completed") ? outcome(ada, claim.formatted("again")) : "answered";
                            assertEquals("answered", again, walk::toString);
                        }
                        assertEquals(List.of("null"), old.query(outOfOrder), walk::toString);
                        assertEquals(List.of(), old.query(MISCOUNTED), walk::toString);
                    }
                }
            }
        }
    }

    /** A client of the data API may give a message a time that is still to come. */
    @Some("V15")
    void theLastMessageIsTheNewestAlsoBesideOneThatIsToCome(PostgresVersion version) throws Exception {
        try (var old = database(version, Action.MIGRATE);
                var ada = ada(old, "to come")) {
            assertEquals("granted", outcome(ada, "select cases.claim('Hi', 'm1')"));
            assertEquals("stored", outcome(ada, "select cases.finish('completed', 'Hello')"));
            for (var change :
                    List.of("claim('Hi', 'm1', '%s', anew => true) -- granted", "claim('Ho', 'm1', '%s') -- granted")) {
                old.execute("""
                        insert into messages (conversation_id, role, content, created_at)
                        select id, 'user', 'To come', now() + interval '1 day' from conversations""");
                assertEquals("To come", outcome(ada, "select cases.newest()"));
                var next = change.contains("Ho") ? "a4" : "a2";
                outcome(ada, "select cases.claim('And?', null, '%s')".formatted(next));
                assertEquals("stored", outcome(ada, "select cases.finish('completed', 'Yes', '%s')".formatted(next)));
                assertEquals("To come", outcome(ada, "select cases.newest()"));
                var attempt = change.contains("Ho") ? "a5" : "a3";
                assertEquals("granted", outcome(ada, "select cases." + change.split(" -- ", 2)[0].formatted(attempt)));
                assertEquals(List.of(), old.query(MISCOUNTED));
                var question = change.contains("Ho") ? "Ho" : "Hi";
                assertEquals(
                        "stored",
                        outcome(
                                ada,
                                "select cases.finish('completed', 'Good day', '%s', cases.asked('%s'))"
                                        .formatted(attempt, question)));
                assertEquals("Good day", outcome(ada, "select cases.newest()"));
            }
            assertEquals("Ho, Good day", outcome(ada, "select cases.shown()"));
        }
    }

    private static OldDatabase database(PostgresVersion version, Action action) throws Exception {
        return OldDatabase.empty(
                version, Owner.PLAIN, action, OldDatabase.resource(CASES).split("\n-- # ", 2)[0]);
    }

    private static List<String> cases(boolean rows) throws Exception {
        var cases = new ArrayList<String>();
        for (var line : OldDatabase.resource(CASES).lines().toList()) {
            var matcher = CASE.matcher(line);
            if (line.startsWith("-- # ")) {
                cases.add(line);
            } else if (matcher.matches()) {
                var expected = Expected.of(matcher.group(2));
                cases.add(matcher.group(1) + " -- " + (rows ? expected.rows : expected.arrays));
            }
        }
        return cases;
    }

    private static List<String> done(OldDatabase old) throws Exception {
        var done = new ArrayList<String>();
        try (var ada = old.caller(OldDatabase.ADA)) {
            for (var line : cases(true)) {
                if (line.startsWith("-- # ")) {
                    choose(ada, line);
                    done.add(line);
                } else {
                    var sql = line.substring(0, line.indexOf(" -- "));
                    done.add(sql + " -- " + outcome(ada, sql));
                }
            }
        }
        return done;
    }

    private static Connection ada(OldDatabase old, String chat) throws SQLException {
        var connection = old.caller(OldDatabase.ADA);
        choose(connection, chat);
        return connection;
    }

    private static void choose(Connection connection, String chat) throws SQLException {
        OldDatabase.query(
                connection, "select set_config('cases.chat', md5('%s'), false)".formatted(chat.replace("'", "")));
    }

    private static String outcome(Connection connection, String sql) throws SQLException {
        try {
            var value = OldDatabase.query(connection, sql).getFirst();
            return switch (value) {
                case "t" -> "true";
                case "f" -> "false";
                case "null" -> "nothing";
                default -> value;
            };
        } catch (SQLException failure) {
            return switch (failure.getSQLState()) {
                case "PT503" -> "refused";
                case "PT429" -> "limited";
                default -> throw failure;
            };
        }
    }
}
