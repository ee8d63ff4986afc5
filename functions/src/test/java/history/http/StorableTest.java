package history.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.World;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is stored is limited by what the database makes of it, alike for everybody who writes. */
final class StorableTest {
    private static final World WORLD = World.create();
    private static final String PATH = "/api/conversations";

    @AfterAll
    static void close() {
        WORLD.close();
    }

    static Stream<String> excessive() {
        return Stream.of(
                "{\"a\":[" + "1e131071,".repeat(60) + "1]}",
                "{\"a\":1e1000}",
                "{\"a\":-1E+1000}",
                "{\"a\":1e-1001}",
                "{\"a\":0e9999}",
                "{\"a\":1e999999999}",
                "{\"a\":1e-999999999}",
                "{\"a\":" + "9".repeat(1001) + "}",
                "{\"a\":0." + "1".repeat(1001) + "}",
                nested(33),
                nested(32).replace("1", "[]"),
                nested(32).replace("1", "{}"),
                nested(700),
                "{\"a\":[" + "1e999,".repeat(20) + "1]}",
                "{\"a\":[" + "1,".repeat(6000) + "1]}");
    }

    private static String nested(int levels) {
        return "{\"a\":".repeat(levels) + "1" + "}".repeat(levels);
    }

    @ParameterizedTest
    @MethodSource("excessive")
    void createPatchAndChatRefuseTheSame(String metadata) {
        var path = PATH + "/" + created("{}").json().path("id").asText();
        var before = get(path).body();
        assertRefused("/metadata", call(Call.post(PATH, "{\"metadata\":" + metadata + "}")));
        assertRefused("/metadata", call(Call.patch(path, "{\"metadata\":" + metadata + "}")));
        assertRefused("/messages/0/metadata", call(Call.post("/api/chat", """
                {"id":"excess","messages":[{"id":"m","role":"user","parts":[{"type":"text","text":"hi"}],"metadata":%s}]}""".formatted(metadata))));
        assertEquals(before, get(path).body());
        assertEquals(200, call(Call.get(PATH)).status());
    }

    @Test
    void takesWhatIsJustWithinTheLimits() {
        for (String metadata :
                List.of("{\"a\":1e999}", "{\"a\":1e-1000}", "{\"a\":" + "9".repeat(1000) + "}", nested(32))) {
            var path = PATH + "/"
                    + created("{\"metadata\":" + metadata + "}")
                            .json()
                            .path("id")
                            .asText();
            assertEquals(200, get(path).status());
            assertEquals(
                    200,
                    call(Call.patch(
                                    path,
                                    "{\"metadata\":{\"b\":" + metadata.substring(5, metadata.length() - 1) + "}}"))
                            .status());
        }
    }

    @Test
    void saysWhatIsWrongInTheWordsOfTheDatabase() throws Exception {
        for (String metadata : excessive().toList()) {
            assertRefused("/metadata", call(Call.post(PATH, "{\"metadata\":" + metadata + "}")));
            var words = call(Call.post(PATH, "{\"metadata\":" + metadata + "}"))
                    .json()
                    .path("errors")
                    .path(0)
                    .path("detail")
                    .asText();
            // PostgreSQL makes a plain 0 of the one, and has no place for the others, which nobody may send it.
            if (metadata.length() < 5000 && !metadata.contains("9999")) {
                WORLD.execute("do $$ begin assert history.excess('%s', 16384) = 'metadata %s.', '%2$s'; end $$"
                        .formatted(metadata, words));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e99999999999", "-1e-99999999999", "1e2147483648", "0e99999999999"})
    void aNumberThatNobodyCanCountIsRefusedToo(String number) {
        var refused = call(Call.post(PATH, "{\"metadata\":{\"a\":" + number + "}}"));
        assertEquals(422, refused.status());
        String words = refused.json().path("detail").asText();
        assertTrue(
                words.matches(
                        "/metadata: has a number that is too long; at most (20000 digits, and 1000 where it is kept|1000 digits)"),
                words);
    }

    @ParameterizedTest
    @CsvSource({
        "1001, 1, 'is nested too deep; at most 1000 levels, and 32 where it is kept'",
        "1, 50001, has a name that is too long; at most 50000 characters"
    })
    void whatTheParserRefusesIsNamed(int levels, int name, String words) {
        String value = "[".repeat(levels) + "{\"" + "n".repeat(name) + "\": 1}" + "]".repeat(levels);
        assertEquals(
                "/metadata: " + words,
                call(Call.post(PATH, "{\"metadata\":" + value + "}"))
                        .json()
                        .path("detail")
                        .asText());
    }

    /** The owner of the database may store anything. */
    @Test
    void whatIsStoredIsReadWhateverItIs() throws Exception {
        for (String metadata : List.of(
                "('{\"a\":' || repeat('[', 3000) || repeat(']', 3000) || '}')",
                "('{\"a\":' || repeat('9', 20000) || '}')",
                "'{\"a\": 1e-16000}'",
                "jsonb_build_object('cut', 5, 'a', repeat('x', 100000))",
                "jsonb_build_object(repeat('k', 60000), 1)")) {
            var chat = call(Call.post("/api/chat", """
                    {"id":"stored%d","messages":[{"id":"m","role":"user","parts":[{"type":"text","text":"hi"}]}]}""".formatted(Math.floorMod(metadata.hashCode(), 1000))));
            assertEquals(200, chat.status());
            WORLD.execute("""
                    set session_replication_role = replica;
                    update conversations set metadata = %1$s::jsonb where tenant_id = '%2$s';
                    update messages set metadata = metadata || %1$s::jsonb where tenant_id = '%2$s'""".formatted(metadata, WORLD.ada().tenantId()));
            assertEquals(200, call(Call.get(PATH)).status());
            var chatId = "stored" + Math.floorMod(metadata.hashCode(), 1000);
            assertEquals(
                    200,
                    call(Call.get(PATH + "/" + chatId).query("format", "ui-messages"))
                            .status());
            assertEquals(
                    200, call(Call.post("/api/chat", """
                    {"id":"%s","messages":[{"id":"m","role":"user","parts":[{"type":"text","text":"hi"}]}]}""".formatted(chatId))).status());
            WORLD.execute("delete from conversations where tenant_id = '%s'"
                    .formatted(WORLD.ada().tenantId()));
        }
    }

    private static Answer call(Call call) {
        return WORLD.call(call.as(WORLD.ada()));
    }

    private static Answer created(String body) {
        var answer = call(Call.post(PATH, body));
        assertEquals(201, answer.status(), answer::body);
        return answer;
    }

    private static Answer get(String path) {
        return call(Call.get(path));
    }

    private static void assertRefused(String pointer, Answer answer) {
        assertEquals(422, answer.status(), answer::body);
        assertEquals(
                pointer, answer.json().path("errors").path(0).path("pointer").asText());
    }
}
