package history.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.World;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Single messages, and what a conversation shows of its messages. */
class MessagesTest {
    private static final World WORLD = World.create();
    private static final String PATH = "/api/conversations";

    @AfterAll
    static void close() {
        WORLD.close();
    }

    private static Answer asAda(Call call) {
        return WORLD.call(call.as(WORLD.ada()));
    }

    private static Answer say(String chat, String id, String text) {
        Answer answer = asAda(Call.post(
                "/api/chat",
                "{\"id\":\"%s\",\"messages\":[{\"id\":\"%s\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"%s\"}]}]}"
                        .formatted(chat, id, text)));
        assertEquals(200, answer.status(), answer.body());
        return answer;
    }

    private static JsonNode read(String path) {
        Answer answer = asAda(follow(path));
        assertEquals(200, answer.status(), answer.body());
        return answer.json();
    }

    private static Call follow(String link) {
        Call call = Call.get(URI.create(link).getPath());
        String query = URI.create(link).getQuery();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            call = call.query(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return call;
    }

    private static List<String> contents(JsonNode conversation) {
        return StreamSupport.stream(conversation.path("messages").spliterator(), false)
                .map(message -> message.path("content").asText())
                .toList();
    }

    private static String inserted(String chat, String role, String content) throws SQLException {
        String id = read(PATH + "/" + chat).path("id").asText();
        WORLD.execute("""
                insert into public.messages (tenant_id, conversation_id, user_id, role, content)
                values ('%s', '%s', '%s', '%s', %s)""".formatted(WORLD.ada().tenantId(), id, WORLD.ada().userId(), role, content));
        return id;
    }

    @Test
    void aLongMessageIsReadInParts() throws SQLException {
        say("long", "m1", "hello");
        String id = inserted("long", "user", "repeat('\uD83D\uDE00\"', 400000) || 'end'");
        JsonNode whole = read(PATH + "/long").path("messages").path(2);
        String message = whole.path("id").asText();
        var text = new StringBuilder();
        int parts = 0;
        for (var next = Optional.of(PATH + "/long/messages/" + message); next.isPresent(); parts++) {
            Answer part = asAda(follow(next.get()));
            assertEquals(200, part.status(), part.body());
            assertEquals(
                    800_003,
                    part.json().path("metadata").path("cut").path("characters").asInt());
            assertEquals(
                    text.codePointCount(0, text.length()),
                    part.json().path("metadata").path("cut").path("from").asInt());
            text.append(part.json().path("content").asText());
            next = part.link("next");
        }
        assertEquals(2, parts);
        assertEquals("\uD83D\uDE00\"".repeat(400_000) + "end", text.toString());
        Call end = Call.get(PATH + "/" + id + "/messages/" + message)
                .query("from", "800000")
                .query("characters", "9");
        assertEquals("end", asAda(end).json().path("content").asText());
        assertTrue(asAda(end).link("next").isEmpty());
        assertEquals(
                "", asAda(end.query("from", "999999999")).json().path("content").asText());
        for (String wrong : List.of("-1", "x", "", "1.5", "9999999999999999999")) {
            assertEquals(400, asAda(end.query("from", wrong)).status(), wrong);
            assertEquals(400, asAda(end.query("characters", wrong)).status(), wrong);
        }
        assertEquals(404, WORLD.call(end.as(WORLD.bob())).status());
        assertEquals(404, asAda(Call.get(PATH + "/long/messages/none")).status());
        assertEquals(404, asAda(Call.get(PATH + "/none/messages/" + message)).status());
    }

    @Test
    void whatIsDeliveredCutIsReadInParts() throws SQLException {
        say("heavy", "m1", "hello");
        String id = read(PATH + "/heavy").path("id").asText();
        WORLD.execute("""
                set session_replication_role = replica;
                update public.conversations set metadata = jsonb_build_object('a', repeat('"', 300000)) where id = '%1$s';
                update public.messages set metadata = metadata || jsonb_build_object('b', repeat('x', 200000)),
                    parts = jsonb_build_array(jsonb_build_object('type', 'file', 'url', repeat('iVBORw0KGgo"', 500000)))
                where role = 'user' and conversation_id = '%1$s'""".formatted(id));
        assertTrue(StreamSupport.stream(read(PATH).spliterator(), false)
                .anyMatch(listed -> listed.path("metadata").path("omitted").asBoolean()));
        assertEquals(
                300_000,
                read(PATH + "/heavy").path("metadata").path("a").asText().length());
        Answer first = asAda(Call.get(PATH + "/heavy").query("format", "ui-messages"));
        Answer page = asAda(follow(first.link("prev").orElseThrow()));
        assertTrue(page.body().length() < 4_000_000);
        JsonNode shown = page.json().path("messages").path(0);
        assertEquals("hello", shown.at("/parts/0/text").asText());
        assertTrue(shown.at("/metadata/cut/parts").asInt() > 6_000_000, shown.toString());
        assertTrue(shown.at("/metadata/cut/metadata").asInt() > 200_000, shown.toString());
        JsonNode parts = tree(whole(PATH + "/heavy/messages/m1?field=parts"));
        assertEquals("iVBORw0KGgo\"".repeat(500_000), parts.at("/0/url").asText());
        assertEquals(
                "{\"b\":\"" + "x".repeat(200_000) + "\"}",
                tree(whole(PATH + "/heavy/messages/m1?field=metadata")).toString());
        assertEquals(
                400,
                asAda(Call.get(PATH + "/heavy/messages/m1").query("field", "role"))
                        .status());
    }

    private static String whole(String first) {
        var text = new StringBuilder();
        for (var next = Optional.of(first); next.isPresent(); ) {
            Answer part = asAda(follow(next.get()));
            assertTrue(part.body().replace("\\", "\\\\").replace("\"", "\\\"").length() < 4_500_000);
            assertEquals(
                    text.codePointCount(0, text.length()),
                    part.json().at("/metadata/cut/from").asInt());
            text.append(part.json().path("content").asText());
            next = part.link("next");
        }
        return text.toString();
    }

    private static JsonNode tree(String json) {
        try {
            return new JsonMapper().readTree(json);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError(notJson);
        }
    }

    /** Whatever was read, a change can say that it is meant for that state. */
    @Test
    void everyTagOfAConversationNamesItsRevision() {
        say("tags", "m1", "q1");
        String message =
                read(PATH + "/tags").path("messages").path(1).path("id").asText();
        List<Call> readings = List.of(
                Call.get(PATH + "/tags"),
                Call.get(PATH + "/tags").query("include", "replaced"),
                Call.get(PATH + "/tags").query("format", "ui-messages"),
                Call.get(PATH + "/tags/messages/" + message),
                Call.get(PATH + "/tags/messages/" + message).query("characters", "1"));
        for (Call reading : readings) {
            String tag = asAda(reading).header("etag").orElseThrow();
            assertEquals(304, asAda(reading.header("If-None-Match", tag)).status());
            Call patch = Call.patch(PATH + "/tags", "{\"metadata\":{\"now\":\"%s\"}}".formatted(UUID.randomUUID()))
                    .header("If-Match", tag);
            assertEquals(200, asAda(patch).status(), reading.toString());
            assertEquals(412, asAda(patch).status(), reading.toString());
        }
        Call delete = Call.delete(PATH + "/tags/messages/" + message)
                .header("If-Match", asAda(readings.get(3)).header("etag").orElseThrow());
        assertEquals(204, asAda(delete).status());
    }

    @Test
    void aShortMessageIsReadByTheIdThatTheClientGaveIt() {
        say("short", "my-id", "hello");
        JsonNode message = read(PATH + "/short/messages/my-id");
        assertEquals("hello", message.path("content").asText());
        assertFalse(message.path("metadata").has("cut"));
        assertEquals(
                message, read(PATH + "/short/messages/" + message.path("id").asText()));
    }

    @Test
    void deletesAQuestionWithItsAnswerAndAnAnswerAlone() throws SQLException {
        for (int i = 1; i <= 3; i++) {
            say("delete", "m" + i, "q" + i);
        }
        String path = PATH + "/delete";
        JsonNode before = read(path);
        assertEquals(6, before.path("message_count").asInt());
        String answer = before.path("messages").path(1).path("id").asText();
        Call ofBob = Call.delete(PATH + "/" + before.path("id").asText() + "/messages/" + answer)
                .as(WORLD.bob());
        assertEquals(404, WORLD.call(ofBob).status());
        assertEquals(204, asAda(Call.delete(path + "/messages/" + answer)).status());
        assertEquals(404, asAda(Call.delete(path + "/messages/" + answer)).status());
        assertEquals(204, asAda(Call.delete(path + "/messages/m3")).status());
        JsonNode after = read(path);
        assertEquals(
                List.of("q1", "q2"),
                contents(after).stream().filter(text -> text.startsWith("q")).toList());
        assertEquals(3, after.path("message_count").asInt());
        assertEquals(after.path("messages").path(2).path("created_at"), after.path("last_message_at"));
        assertTrue(after.path("revision").asLong() > before.path("revision").asLong());
        Call old = Call.delete(path + "/messages/m2").header("If-Match", "\"1\"");
        assertEquals(412, asAda(old).status());
        say("delete", "m4", "q4");
        assertEquals(7, read(path).path("messages").path(3).path("seq").asInt(), "no seq is given a second time");
        assertEquals(404, asAda(Call.delete(path + "/messages/none")).status());
    }

    @Test
    void deletesNothingThatIsBeingAnswered() throws SQLException {
        say("busy", "m1", "q1");
        JsonNode conversation = read(PATH + "/busy");
        String lease =
                "update public.messages set status = 'running', lease_until = now() + interval '%s' where role = 'assistant' and"
                        + " conversation_id = '" + conversation.path("id").asText() + "'";
        WORLD.execute(lease.formatted("1 minute"));
        for (JsonNode message : conversation.path("messages")) {
            Answer refused = asAda(
                    Call.delete(PATH + "/busy/messages/" + message.path("id").asText()));
            assertEquals(409, refused.status(), refused.body());
            assertTrue(refused.header("retry-after").isPresent());
        }
        WORLD.execute(lease.formatted("-1 minute"));
        assertEquals(204, asAda(Call.delete(PATH + "/busy/messages/m1")).status());
        assertEquals(List.of(), contents(read(PATH + "/busy")));
    }

    @Test
    void anAnswerOfWhichNothingCameIsShownToWhoAsks() throws SQLException {
        say("failed", "m1", "q1");
        String id = read(PATH + "/failed").path("id").asText();
        WORLD.execute(
                "update public.messages set content = '', status = 'failed' where role = 'assistant' and conversation_id = '"
                        + id + "'");
        assertEquals(List.of("q1"), contents(read(PATH + "/failed")));
        assertEquals(List.of("q1", ""), contents(read(PATH + "/failed?include=failed")));
        assertEquals(
                2, read(PATH + "/failed?format=ui-messages").path("messages").size());
        for (String wrong : List.of("", "all", "failed,", "failed,failed", "Failed", "failed replaced")) {
            assertEquals(
                    400,
                    asAda(Call.get(PATH + "/failed").query("include", wrong)).status(),
                    wrong);
        }
    }

    @Test
    void anAnswerOfPartsAloneIsShown() throws SQLException {
        say("parts alone", "m1", "q1");
        String id = read(PATH + "/parts%20alone").path("id").asText();
        for (String status : List.of("failed", "incomplete", "stopped", "running")) {
            WORLD.execute("""
                    update public.messages set content = '', status = '%s', lease_until = null, parts =
                        '[{"type":"tool-x","toolCallId":"t","state":"output-available","input":{},"output":1}]'
                    where role = 'assistant' and conversation_id = '%s'""".formatted(status, id));
            assertEquals(List.of("q1", ""), contents(read(PATH + "/parts%20alone")), status);
        }
    }

    /** As whoever writes the tables, or the arrays, may have counted them. */
    @Test
    void countsThatAreNoneAreShownWithinWhatAnIntegerHolds() throws SQLException {
        say("counts", "m1", "q1");
        WORLD.execute(
                "set session_replication_role = replica; update public.messages set metadata = metadata || '{\"usage\": {\"input_tokens\": 1e20, \"output_tokens\": -1e20}}'"
                        + " where role = 'assistant' and conversation_id = '"
                        + read(PATH + "/counts").path("id").asText() + "'");
        assertEquals(
                "{\"inputTokens\":2147483647,\"outputTokens\":-2147483648}",
                read(PATH + "/counts").at("/messages/1/metadata/usage").toString());
    }

    @Test
    void whatWasReplacedIsShownWithWhatStandsThereNow() {
        say("replaced", "m1", "first");
        say("replaced", "m2", "second");
        say("replaced", "m1", "edited");
        assertEquals(2, read(PATH + "/replaced").path("messages").size());
        JsonNode all = read(PATH + "/replaced?include=replaced");
        assertEquals(6, all.path("messages").size());
        String question =
                read(PATH + "/replaced").path("messages").path(0).path("id").asText();
        String answer =
                read(PATH + "/replaced").path("messages").path(1).path("id").asText();
        for (JsonNode message : all.path("messages")) {
            String by = message.path("metadata").path("replaced_by").asText();
            assertEquals(
                    message,
                    read(PATH + "/replaced/messages/" + message.path("id").asText()));
            switch (message.path("content").asText()) {
                case "first", "second" -> assertEquals(question, by);
                case "edited" -> assertFalse(message.path("metadata").has("replaced_by"));
                default -> {
                    boolean shown = message.path("id").asText().equals(answer);
                    assertEquals(!shown, message.path("metadata").has("replaced_by"), message.toString());
                }
            }
        }
        assertEquals(
                404,
                WORLD.call(Call.get(PATH + "/" + all.path("id").asText())
                                .query("include", "replaced")
                                .as(WORLD.bob()))
                        .status());
    }

    @Test
    void asUiMessagesNoTwoHaveOneIdAndEachNamesWhatStandsThereByTheIdInTheList() {
        say("versions", "m1", "first");
        say("versions", "m1", "second");
        say("versions", "m1", "third");
        var list = read(PATH + "/versions?format=ui-messages&include=replaced").path("messages");
        var ids = new HashSet<String>();
        list.forEach(message -> ids.add(message.path("id").asText()));
        assertEquals(6, ids.size(), list.toString());
        var shown = read(PATH + "/versions?format=ui-messages").path("messages");
        assertEquals("m1", shown.at("/0/id").asText());
        for (JsonNode message : list) {
            var by = message.path("metadata").path("replaced_by");
            var isShown =
                    shown.findValuesAsText("id").contains(message.path("id").asText());
            assertEquals(isShown, by.isMissingNode(), message.toString());
            assertTrue(isShown || ids.contains(by.asText()), message.toString());
            if (!isShown && message.path("role").asText().equals("user")) {
                assertEquals("m1", by.asText());
                assertEquals(
                        message.at("/parts/0/text"),
                        read(PATH + "/versions/messages/" + message.path("id").asText())
                                .path("content"));
            }
            assertFalse(message.path("metadata").has("replaced_by_id"));
        }
    }

    @Test
    void givesWhatIsNewBehindAPlace() {
        for (int i = 1; i <= 4; i++) {
            say("after", "m" + i, "q" + i);
        }
        var seqs = new ArrayList<Integer>();
        var pages = 0;
        for (var next = Optional.of(PATH + "/after?after=2&limit=4"); next.isPresent(); pages++) {
            Answer page = asAda(follow(next.get()));
            page.json()
                    .path("messages")
                    .forEach(message -> seqs.add(message.path("seq").asInt()));
            next = page.link("next");
        }
        assertEquals(List.of(3, 4, 5, 6, 7, 8), seqs);
        assertEquals(2, pages);
        assertEquals(8, contents(read(PATH + "/after?after=0")).size());
        assertEquals(0, contents(read(PATH + "/after?after=8")).size());
        for (String wrong : List.of("-1", "x", "", "1.5", "99999999999999999999")) {
            assertEquals(
                    400, asAda(Call.get(PATH + "/after").query("after", wrong)).status(), wrong);
        }
        assertEquals(
                400,
                asAda(Call.get(PATH + "/after").query("after", "1").query("before", "9"))
                        .status());
    }

    @Test
    void whoHasItIsAnsweredWithoutAMessageBeingRead() throws SQLException {
        say("known", "m1", "q1");
        JsonNode conversation = read(PATH + "/known");
        String etag = asAda(Call.get(PATH + "/known")).header("etag").orElseThrow();
        assertEquals(
                304,
                asAda(Call.get(PATH + "/known").header("If-None-Match", etag)).status());
        String known = "known => array[%s]".formatted(conversation.path("revision"));
        assertEquals(0, scans(conversation, known));
        assertNotEquals(0, scans(conversation, "known => array[1]"));
    }

    /** How often a reading looks at messages, in whatever way. */
    private static long scans(JsonNode conversation, String known) throws SQLException {
        try (var connection = WORLD.database().connect("postgres");
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("set local role authenticated");
            statement.execute("select set_config('request.jwt.claims', '{\"sub\":%s,\"tenant_id\":%s}', true)"
                    .formatted(conversation.path("user_id"), conversation.path("tenant_id")));
            statement.execute("select * from history.get_conversation('%s', null, 999, 9, 99999, %s)"
                    .formatted(conversation.path("id").asText(), known));
            var row = statement.executeQuery(
                    "select seq_scan + coalesce(idx_scan, 0) from pg_stat_xact_all_tables where relid = 'public.messages'::regclass");
            row.next();
            return row.getLong(1);
        }
    }

    /** Nobody writes when the time of an attempt is over, and yet it looks different. */
    @Test
    void aTagEndsWithTheAttemptThatItSaw() throws SQLException {
        say("dead", "m1", "q1");
        String id = read(PATH + "/dead").path("id").asText();
        String lease =
                "update public.messages set status = 'running', lease_until = clock_timestamp() + interval '%s' where role ="
                        + " 'assistant' and conversation_id = '" + id + "'";
        WORLD.execute(lease.formatted("3 seconds"));
        Answer running = asAda(Call.get(PATH + "/dead"));
        Call again = Call.get(PATH + "/dead")
                .header("If-None-Match", running.header("etag").orElseThrow());
        assertEquals(304, asAda(again).status());
        assertEquals(running.header("etag"), asAda(again).header("etag"));
        WORLD.execute("select pg_sleep(3.1)");
        Answer over = asAda(again);
        assertEquals(200, over.status());
        assertNotEquals(running.header("etag"), over.header("etag"));
        Call patch = Call.patch(PATH + "/dead", "{\"title\":\"x\"}")
                .header("If-Match", running.header("etag").orElseThrow());
        assertEquals(200, asAda(patch).status(), "nobody has changed it");
    }

    @Test
    void aClientsChatIdStandsWhereverAUuidDoes() {
        say("mine", "m1", "q1");
        String path = PATH + "/mine";
        assertEquals(
                "t",
                asAda(Call.patch(path, "{\"title\":\"t\"}"))
                        .json()
                        .path("title")
                        .asText());
        assertEquals("t", read(path).path("title").asText());
        for (Call call : List.of(
                Call.get(path),
                Call.patch(path, "{\"title\":\"x\"}"),
                Call.delete(path),
                Call.get(path + "/messages/m1"),
                Call.delete(path + "/messages/m1"))) {
            assertEquals(404, WORLD.call(call.as(WORLD.bob())).status());
        }
        assertEquals(204, asAda(Call.delete(path)).status());
        assertEquals(404, asAda(Call.delete(path)).status());
    }
}
