package history.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.Person;
import history.fixture.World;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The version of a conversation: it grows with every change that shows, whoever makes it, and with nothing else. */
class RevisionTest {
    private static final World WORLD = World.beforeMigration();
    private static final String PATH = "/api/conversations";

    @BeforeAll
    static void migrate() throws SQLException {
        WORLD.migrate();
    }

    @AfterAll
    static void close() {
        WORLD.close();
    }

    private final Person ada = WORLD.ada();

    private Answer call(Call call) {
        Answer answer = WORLD.call(call.as(ada));
        assertEquals(2, answer.status() / 100, answer.body());
        return answer;
    }

    private String created() {
        return PATH + "/"
                + call(Call.post(PATH, "{\"title\":\"a\",\"metadata\":{\"a\":1}}"))
                        .json()
                        .path("id")
                        .asText();
    }

    private static void sql(String statement, String path) throws SQLException {
        WORLD.execute(statement.replace("ID", "'" + path.substring(path.lastIndexOf('/') + 1) + "'"));
    }

    private static final String INSERT =
            "insert into public.messages (conversation_id, tenant_id, user_id, role, content) select id, tenant_id, user_id,"
                    + " 'user', 'hello' from public.conversations where id = ID";

    @Test
    void growsWithEveryChangeThatShows() throws SQLException {
        String path = created();
        Answer before = call(Call.get(path));
        for (String statement : List.of(
                INSERT,
                "update public.messages set content = 'other' where conversation_id = ID",
                "update public.messages set metadata = '{\"a\": 1}' where conversation_id = ID",
                "update public.chat_sessions set messages = messages || '[{\"role\":\"user\",\"content\":\"old\"}]' where id = ID",
                "update public.chat_sessions set messages = '[{\"role\":\"user\",\"content\":\"old\",\"n\":1}]' where id = ID",
                "update public.chat_sessions set messages = replace(messages::text, ': 1}', ': 1.0}')::jsonb where id = ID",
                "update public.chat_sessions set messages = '[]' where id = ID",
                "update public.chat_sessions set title = 'b' where id = ID",
                "update public.conversations set metadata = '{}' where id = ID",
                INSERT,
                "delete from public.messages where conversation_id = ID")) {
            sql(statement, path);
            before = grown(before, call(Call.get(path)), statement);
        }
        for (Call call : List.of(
                Call.patch(path, "{\"title\":\"c\"}"),
                Call.patch(path, "{\"metadata\":{\"b\":1}}"),
                Call.post(
                        "/api/chat",
                        "{\"message\":\"hi\",\"conversation_id\":\"%s\"}"
                                .formatted(path.substring(path.lastIndexOf('/') + 1))))) {
            Answer changed = call(call);
            before = grown(before, call(Call.get(path)), changed.body());
        }
    }

    private static Answer grown(Answer before, Answer after, String what) {
        long was = before.json().path("revision").asLong();
        assertTrue(after.json().path("revision").asLong() > was, what);
        assertNotEquals(before.header("etag"), after.header("etag"), what);
        return after;
    }

    @Test
    void whatChangesNothingChangesNothing() throws SQLException {
        String path = created();
        sql(INSERT, path);
        Answer before = call(Call.get(path));
        for (String patch :
                List.of("{}", "{\"title\":\"a\"}", "{\"metadata\":{\"a\":1}}", "{\"metadata\":{\"none\":null}}")) {
            Answer patched = call(Call.patch(path, patch));
            assertEquals(before.header("etag"), patched.header("etag"), patch);
        }
        for (String statement : List.of(
                "update public.conversations set title = title, metadata = metadata where id = ID",
                "update public.chat_sessions set messages = messages, updated_at = now() where id = ID",
                "update public.messages set content = content where conversation_id = ID")) {
            sql(statement, path);
            assertEquals(before.json(), call(Call.get(path)).json(), statement);
        }
        Call same = Call.get(path).header("If-None-Match", before.header("etag").orElseThrow());
        assertEquals(304, WORLD.call(same.as(ada)).status());
    }

    @Test
    void isNeverGivenASecondTime() {
        Call sent = Call.post("/api/chat", """
                {"id":"again","messages":[{"id":"m","role":"user","parts":[{"type":"text","text":"hi"}]}]}""");
        String path = PATH + "/again";
        call(sent);
        JsonNode first = call(Call.get(path)).json();
        call(Call.delete(path));
        call(sent);
        assertTrue(call(Call.get(path)).json().path("revision").asLong()
                > first.path("revision").asLong());
    }

    @Test
    void staysRightOverTheSwitchAndBack() throws SQLException {
        try (World world = World.beforeMigration()) {
            Answer created = world.call(Call.post(PATH, "{\"title\":\"a\"}").as(world.ada()));
            String path = PATH + "/" + created.json().path("id").asText();
            world.execute("update public.chat_sessions set messages = '[{\"role\":\"user\",\"content\":\"x\"}]'");
            String old = created.header("etag").orElseThrow();
            String before =
                    world.call(Call.get(path).as(world.ada())).header("etag").orElseThrow();
            world.migrate();
            Call get = Call.get(path).as(world.ada());
            assertEquals(304, world.call(get.header("If-None-Match", before)).status());
            Call patch = Call.patch(path, "{\"title\":\"b\"}").as(world.ada());
            assertEquals(412, world.call(patch.header("If-Match", old)).status());
            Answer patched = world.call(patch.header("If-Match", before));
            assertEquals(200, patched.status(), patched.body());
            assertEquals(412, world.call(patch.header("If-Match", before)).status());
            world.rollBack();
            assertEquals(200, world.call(get.header("If-None-Match", before)).status());
            Answer back = world.call(patch);
            world.migrate();
            assertEquals(
                    304,
                    world.call(get.header("If-None-Match", back.header("etag").orElseThrow()))
                            .status());
            assertEquals(
                    412,
                    world.call(patch.header("If-Match", patched.header("etag").orElseThrow()))
                            .status());
        }
    }
}
