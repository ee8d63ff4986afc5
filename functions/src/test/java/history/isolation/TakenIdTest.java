package history.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A new row whose key somebody else's row has already. Servers before 15.20, 16.16, 17.12 and 18.7 show that row to the condition
 * of {@code on conflict … do update … where}; that it exists is all that anybody may learn.
 */
final class TakenIdTest {
    /** Every unique key there is, whoever adds one. */
    private static final String KEYS = """
            select i.indrelid::regclass::text, string_agg(quote_ident(a.attname), ', ' order by k.place)
            from pg_index i cross join lateral unnest(i.indkey::int2[]) with ordinality k(attnum, place)
            join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
            where i.indisunique and i.indrelid in ('public.conversations'::regclass, 'public.messages'::regclass)
            group by i.indexrelid, i.indrelid order by 1, 2""";

    private record Key(String relation, List<String> columns) {
        String list() {
            return String.join(", ", columns);
        }
    }

    static Stream<Arguments> everyStageAndServer() {
        return Stream.of(Stage.values())
                .flatMap(stage -> Stream.of(PostgresVersion.values()).map(version -> Arguments.of(stage, version)));
    }

    @ParameterizedTest
    @MethodSource("everyStageAndServer")
    void isRefusedInTheSameWordsWhateverTheStatement(Stage stage, PostgresVersion version) throws Exception {
        try (var database = stage.database(version);
                var superuser = database.connect(PostgresServer.SUPERUSER);
                var ada = database.connect(Prober.LOGIN_ROLE)) {
            ada.setAutoCommit(false);
            var keys = keys(superuser);
            assertTrue(keys.size() >= 4, keys::toString);
            for (var key : keys) {
                var bobs = row(superuser, key, Rows.BOBS_CONVERSATION, Rows.BOBS_MESSAGE);
                var answers = new TreeSet<String>();
                for (var statement : statements(key, bobs, stage)) {
                    answers.add(answer(ada, statement));
                }
                assertEquals(1, answers.size(), () -> key + " " + answers);
                assertTrue(answers.first().matches("(?s)(23505|42501) .*"), answers::first);
                if (bobs.containsKey("conversation_id")) {
                    var unknown = new LinkedHashMap<>(bobs);
                    unknown.put("conversation_id", UUID.randomUUID().toString());
                    assertEquals(
                            answers.first(),
                            answer(ada, statements(key, unknown, stage).getFirst()));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everyStageAndServer")
    void isPostgresqlsToHandleWhereItIsOnesOwn(Stage stage, PostgresVersion version) throws Exception {
        try (var database = stage.database(version);
                var superuser = database.connect(PostgresServer.SUPERUSER);
                var ada = database.connect(Prober.LOGIN_ROLE)) {
            ada.setAutoCommit(false);
            for (var relation : List.of("conversations", "messages")) {
                var key = new Key(relation, List.of("id"));
                var adas = row(superuser, key, Rows.ADAS_CONVERSATION, Rows.ADAS_MESSAGE);
                var statements = statements(key, adas, stage);
                var word = relation.equals("messages") ? "content" : "title";
                assertTrue(answer(ada, statements.getFirst()).startsWith("23505 "));
                assertEquals("0", answer(ada, insert(key, adas) + " on conflict do nothing"));
                assertEquals(
                        "taken",
                        answer(
                                ada,
                                insert(key, adas)
                                        + " on conflict (id) do update set %1$s = 'taken' returning %1$s"
                                                .formatted(word)));
            }
        }
    }

    private static List<String> statements(Key key, Map<String, String> taken, Stage stage) {
        var word = key.relation.equals("messages") ? "content" : "title";
        var insert = insert(key, taken);
        var update = " on conflict (%s) do update set %s = 'taken'".formatted(key.list(), word);
        var statements = new ArrayList<>(List.of(
                insert,
                insert + " returning " + word,
                insert + " on conflict do nothing",
                insert + " on conflict (%s) do nothing returning %s".formatted(key.list(), word),
                insert + update,
                insert + update + " returning " + word,
                insert + update + " where isolation.told(r.%s)".formatted(word),
                "merge into public.%s r using (select 1) one on false when not matched then %s"
                        .formatted(key.relation, insert.replaceFirst(" into public\\.\\w+ as r", ""))));
        if (stage == Stage.MIGRATED && key.relation.equals("conversations")) {
            statements.addAll(statements.subList(0, 7).stream()
                    .map(statement -> statement.replace("public.conversations", "public.chat_sessions"))
                    .toList());
        }
        return statements;
    }

    /** The values of a key, and what Ada would say for the rest. */
    private static String insert(Key key, Map<String, String> taken) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("tenant_id", Rows.A.toString());
        row.put("user_id", Rows.ADA.toString());
        if (key.relation.equals("messages")) {
            row.putAll(Map.of("conversation_id", Rows.ADAS_CONVERSATION.toString(), "role", "user", "content", "x"));
        }
        row.putAll(taken);
        return "insert into public.%s as r (%s) values (%s)"
                .formatted(
                        key.relation,
                        String.join(", ", row.keySet()),
                        row.values().stream().map(value -> "'" + value + "'").collect(Collectors.joining(", ")));
    }

    private static List<Key> keys(Connection superuser) throws SQLException {
        List<Key> keys = new ArrayList<>();
        try (var statement = superuser.createStatement();
                var rows = statement.executeQuery(KEYS)) {
            while (rows.next()) {
                keys.add(new Key(rows.getString(1), List.of(rows.getString(2).split(", "))));
            }
        }
        return keys;
    }

    /** The key of a row, by the names of its columns; of a message before the first, for the key of its place. */
    private static Map<String, String> row(Connection superuser, Key key, UUID conversation, UUID message)
            throws SQLException {
        var condition = !key.relation.equals("messages")
                ? "id = '" + conversation + "'"
                : key.columns.contains("seq")
                        ? "seq = 0 and conversation_id = '" + conversation + "'"
                        : "id = '" + message + "'";
        Map<String, String> row = new LinkedHashMap<>();
        try (var statement = superuser.createStatement();
                var rows = statement.executeQuery(
                        "select %s from public.%s where %s".formatted(key.list(), key.relation, condition))) {
            assertTrue(rows.next(), () -> key + " " + condition);
            for (var column : key.columns) {
                row.put(column, rows.getString(column));
            }
        }
        return row;
    }

    /** What came back, an error with all its words and whatever a condition was told. */
    private static String answer(Connection ada, String sql) throws SQLException {
        try (var statement = ada.createStatement()) {
            statement.execute(Persona.ADA.settings());
            statement.clearWarnings();
            var answer = run(statement, sql);
            for (var told = statement.getWarnings(); told != null; told = told.getNextWarning()) {
                answer += " " + told.getMessage();
            }
            return answer;
        } finally {
            ada.rollback();
        }
    }

    private static String run(Statement statement, String sql) throws SQLException {
        try {
            if (!statement.execute(sql)) {
                return String.valueOf(statement.getUpdateCount());
            }
            try (var rows = statement.getResultSet()) {
                return rows.next() ? rows.getString(1) : "no row";
            }
        } catch (SQLException refused) {
            return refused.getSQLState() + " " + refused.getMessage();
        }
    }
}
