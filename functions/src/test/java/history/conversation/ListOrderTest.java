package history.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.Person;
import history.fixture.World;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.text.Bidi;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What a list holds and in which order: the newest message first, what is archived apart, and by label. */
class ListOrderTest {
    private static final World WORLD = World.create();
    private static final String PATH = "/api/conversations";

    @AfterAll
    static void close() {
        WORLD.close();
    }

    private final Person eve = person();

    private static Person person() {
        try {
            return WORLD.person(WORLD.ada().tenantId(), "user");
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private Answer asEve(Call call) {
        return WORLD.call(call.as(eve));
    }

    private JsonNode created(String title) {
        return asEve(Call.post(PATH, "{\"title\":\"" + title + "\"}")).json();
    }

    private Answer patched(JsonNode conversation, String patch) {
        Answer answer = asEve(Call.patch(pathOf(conversation), patch));
        assertEquals(200, answer.status(), answer.body());
        return answer;
    }

    private static String pathOf(JsonNode conversation) {
        return PATH + "/" + conversation.path("id").asText();
    }

    private void say(JsonNode conversation, String message) {
        Answer answer = asEve(Call.post(
                "/api/chat",
                "{\"message\":\"%s\",\"conversation_id\":\"%s\"}"
                        .formatted(message, conversation.path("id").asText())));
        assertEquals(200, answer.status(), answer.body());
    }

    private List<String> titles(Person person, Call list) {
        var titles = new ArrayList<String>();
        for (var next = Optional.of(list); next.isPresent(); ) {
            Answer page = WORLD.call(next.get().as(person));
            assertEquals(200, page.status(), page.body());
            page.json().forEach(row -> titles.add(row.path("title").asText()));
            next = page.link("next").map(ListOrderTest::follow);
        }
        return titles;
    }

    private static Call follow(String link) {
        URI target = URI.create(link);
        Call call = Call.get(target.getPath());
        for (String pair : target.getRawQuery().split("&", -1)) {
            int end = pair.indexOf('=');
            call = call.query(
                    pair.substring(0, end), URLDecoder.decode(pair.substring(end + 1), StandardCharsets.UTF_8));
        }
        return call;
    }

    @Test
    void onlyANewMessageMovesAConversation() {
        var conversations =
                IntStream.rangeClosed(1, 4).mapToObj(n -> created("c" + n)).toList();
        assertEquals(List.of("c4", "c3", "c2", "c1"), titles(eve, Call.get(PATH)));
        say(conversations.get(1), "hello");
        assertEquals(List.of("c2", "c4", "c3", "c1"), titles(eve, Call.get(PATH)));
        Answer first = asEve(Call.get(PATH).query("limit", "2"));
        patched(conversations.getFirst(), "{\"title\":\"renamed\",\"metadata\":{\"a\":1}}");
        patched(conversations.get(2), "{\"labels\":[\"x\"]}");
        patched(conversations.getFirst(), "{\"title\":\"renamed\"}");
        var rest = asEve(follow(first.link("next").orElseThrow())).json().findValuesAsText("title");
        assertEquals(List.of("c3", "renamed"), rest);
        assertEquals(List.of("c2", "c4", "c3", "renamed"), titles(eve, Call.get(PATH)));
        say(conversations.getFirst(), "hello");
        JsonNode moved = asEve(Call.get(PATH)).json().path(0);
        assertEquals("renamed", moved.path("title").asText());
        assertEquals(
                asEve(Call.get(pathOf(moved))).json().path("messages").path(1).path("created_at"),
                moved.path("last_message_at"));
        assertTrue(asEve(Call.get(PATH)).json().path(3).path("last_message_at").isNull());
    }

    @Test
    void whatIsArchivedIsListedApart() {
        var conversations =
                IntStream.rangeClosed(1, 5).mapToObj(n -> created("c" + n)).toList();
        assertEquals(
                true,
                patched(conversations.get(1), "{\"archived\":true}")
                        .json()
                        .path("archived")
                        .asBoolean());
        patched(conversations.get(3), "{\"archived\":true}");
        Call list = Call.get(PATH).query("limit", "1");
        assertEquals(List.of("c5", "c3", "c1"), titles(eve, list));
        assertEquals(List.of("c5", "c3", "c1"), titles(eve, list.query("archived", "false")));
        assertEquals(List.of("c4", "c2"), titles(eve, list.query("archived", "true")));
        assertEquals(List.of("c5", "c4", "c3", "c2", "c1"), titles(eve, list.query("archived", "all")));
        patched(conversations.get(3), "{\"archived\":null}");
        assertEquals(List.of("c2"), titles(eve, list.query("archived", "true")));
        for (String wrong : List.of("", "yes", "TRUE", "1")) {
            assertEquals(400, asEve(list.query("archived", wrong)).status(), wrong);
        }
    }

    @Test
    void noTitleTurnsWhatStandsBehindIt() throws SQLException {
        String path = pathOf(created("plain"));
        for (String open :
                List.of("\u202e", "\u2067", "\u202a\u2066\u202c", "\u2068\u202b\u2069\u202e", "\u2069\u202d")) {
            String title = "a" + open + "b";
            for (Answer answer : List.of(
                    asEve(Call.post(PATH, "{\"title\":\"" + title + "\"}")),
                    asEve(Call.patch(path, "{\"title\":\"" + title + "\"}")),
                    asEve(Call.patch(path, "{\"labels\":[\"" + title + "\"]}")))) {
                assertEquals(422, answer.status(), answer.body());
            }
            WORLD.execute(
                    "update public.conversations set title = '%s' where user_id = '%s'".formatted(title, eve.userId()));
            String shown = asEve(Call.get(PATH)).json().path(0).path("title").asText();
            assertTrue(shown.startsWith(title));
            String line = shown + "c";
            int levels = new Bidi(line, Bidi.DIRECTION_LEFT_TO_RIGHT).getLevelAt(line.length() - 1);
            assertEquals(0, levels, title);
        }
        String closed = "{\"title\":\"a\u202eb\u202c \u2067c\u202e\u2069\"}";
        assertEquals(200, asEve(Call.patch(path, closed)).status());
    }

    @Test
    void listsByLabelForOneAndForTheTenant() throws SQLException {
        Person admin = WORLD.person(eve.tenantId(), "admin");
        String label = "Ä & b=ü/%2B+?#\uD83D\uDE00 \\\"'{},";
        String json = new com.fasterxml.jackson.databind.node.TextNode(label).toString();
        var conversations =
                IntStream.rangeClosed(1, 4).mapToObj(n -> created("c" + n)).toList();
        for (int i : List.of(0, 2, 3)) {
            Answer answer = patched(conversations.get(i), "{\"labels\":[\"other\"," + json + "]}");
            assertEquals(
                    "[\"other\"," + json + "]", answer.json().path("labels").toString());
        }
        Call list = Call.get(PATH).query("limit", "1").query("label", label);
        assertEquals(List.of("c4", "c3", "c1"), titles(eve, list));
        assertEquals(List.of("c4", "c3", "c1"), titles(admin, list.query("scope", "tenant")));
        assertEquals(List.of(), titles(admin, list));
        assertEquals(List.of(), titles(WORLD.bob(), list));
        assertEquals(403, asEve(list.query("scope", "tenant")).status());
        say(conversations.getFirst(), "hello");
        patched(conversations.get(2), "{\"archived\":true}");
        assertEquals(List.of("c1", "c4"), titles(eve, list));
        assertEquals(List.of("c1", "c4", "c3"), titles(eve, list.query("archived", "all")));
        patched(conversations.get(3), "{\"labels\":null}");
        assertEquals(204, asEve(Call.delete(pathOf(conversations.get(2)))).status());
        assertEquals(List.of("c1"), titles(eve, list.query("archived", "all")));
        assertEquals(List.of(), titles(eve, list.query("label", "Other")));
    }

    @Test
    void whoHasTheListIsAnsweredThatItIsTheSame() {
        var conversation = created("a");
        created("b");
        for (Call list : List.of(
                Call.get(PATH),
                Call.get(PATH).query("limit", "1"),
                Call.get(PATH).query("archived", "true"))) {
            String etag = asEve(list).header("etag").orElseThrow();
            Answer same = asEve(list.header("If-None-Match", "\"x\", W/" + etag));
            assertEquals(304, same.status(), same.body());
            assertEquals(etag, same.header("etag").orElseThrow());
        }
        for (String patch : List.of("{\"title\":\"c\"}", "{\"labels\":[\"x\"]}", "{\"archived\":true}")) {
            Call known = Call.get(PATH)
                    .header(
                            "If-None-Match",
                            asEve(Call.get(PATH)).header("etag").orElseThrow());
            assertEquals(304, asEve(known).status());
            patched(conversation, patch);
            assertEquals(200, asEve(known).status(), patch);
        }
        Call known = Call.get(PATH)
                .header("If-None-Match", asEve(Call.get(PATH)).header("etag").orElseThrow());
        asEve(Call.delete(pathOf(asEve(Call.get(PATH)).json().path(0))));
        assertEquals(200, asEve(known).status());
    }

    @Test
    void aCursorBelongsToItsList() {
        created("a");
        created("b");
        Call next =
                follow(asEve(Call.get(PATH).query("limit", "1")).link("next").orElseThrow());
        for (var other :
                Map.of("archived", "all", "label", "x", "scope", "tenant").entrySet()) {
            assertEquals(
                    400, asEve(next.query(other.getKey(), other.getValue())).status(), other.getKey());
        }
        assertEquals(200, asEve(next.query("archived", "false")).status());
    }

    @Test
    void refusesLabelsThatNobodyCouldUse() {
        JsonNode conversation = created("c");
        String twenty = String.join(
                ",", IntStream.rangeClosed(1, 20).mapToObj(n -> "\"" + n + "\"").toList());
        patched(conversation, "{\"labels\":[" + twenty + "]}");
        patched(conversation, "{\"labels\":[\"" + "\uD83D\uDE00".repeat(50) + "\"]}");
        for (String wrong : List.of(
                "[" + twenty + ",\"21\"]",
                "[\"" + "x".repeat(51) + "\"]",
                "[\"a\",\"a\"]",
                "[\"\"]",
                "[\" \"]",
                "[null]",
                "[1]",
                "[[\"a\"]]",
                "[\"a\\ufffd\"]",
                "{}",
                "\"a\"",
                "true")) {
            Answer answer = asEve(Call.patch(pathOf(conversation), "{\"labels\":" + wrong + "}"));
            assertEquals(422, answer.status(), wrong);
            assertEquals(
                    "/labels",
                    answer.json().path("errors").path(0).path("pointer").asText());
        }
        for (String wrong : List.of("1", "\"true\"", "[]")) {
            assertEquals(
                    422,
                    asEve(Call.patch(pathOf(conversation), "{\"archived\":" + wrong + "}"))
                            .status());
        }
        for (String field : List.of("last_message_at", "revision", "updated_at")) {
            assertEquals(
                    422,
                    asEve(Call.patch(pathOf(conversation), "{\"" + field + "\":null}"))
                            .status());
        }
    }

    @Test
    void withoutALimitAListHasUpToAThousand() throws SQLException {
        insert(1_005, "'{}'");
        assertEquals(1_000, asEve(Call.get(PATH)).json().size());
        assertEquals(1_000, asEve(Call.get(PATH).query("limit", "5000")).json().size());
        assertEquals(1_005, titles(eve, Call.get(PATH)).stream().distinct().count());
    }

    @Test
    void aListIsCutByWeight() throws SQLException {
        insert(300, "jsonb_build_object('a', repeat('\"', 15000))");
        Answer page = asEve(Call.get(PATH));
        assertTrue(
                page.json().size() > 50 && page.json().size() < 300,
                "rows: " + page.json().size());
        int envelope = page.body().replace("\\", "\\\\").replace("\"", "\\\"").length();
        assertTrue(envelope < 6_000_000, "bytes: " + envelope);
        assertEquals(300, titles(eve, Call.get(PATH)).stream().distinct().count());
    }

    private void insert(int count, String metadata) throws SQLException {
        WORLD.execute("""
                insert into public.conversations (tenant_id, user_id, title, metadata, created_at)
                select '%s', '%s', 'c' || n, %s, timestamptz '2026-01-01' + n * interval '1 second' from generate_series(1, %d) n
                """.formatted(eve.tenantId(), eve.userId(), metadata, count));
    }

    /** Counted as the caller, whom the policies bind: a page costs the same among ten thousand as among ten. */
    @Test
    void aPageCostsTheSameHoweverManyThereAre() throws SQLException {
        insert(60, "'{}'");
        var few = eveBuffers();
        insert(10_000, "'{}'");
        WORLD.execute("update public.conversations set labels = '{rare}' where title in ('c7', 'c8') and user_id = '%s'"
                .formatted(eve.userId()));
        WORLD.execute("update public.conversations set archived = true where title like '%9' and user_id = '"
                + eve.userId() + "'");
        WORLD.execute("analyze public.conversations");
        var many = eveBuffers();
        few.forEach((list, buffers) ->
                assertTrue(many.getOrDefault(list, 0L) <= buffers + 150, list + ": " + buffers + " and then " + many));
    }

    private Map<String, Long> eveBuffers() throws SQLException {
        var buffers = new java.util.TreeMap<String, Long>();
        for (String list : List.of(
                "everyone => false, archived => false, label => null",
                "everyone => false, archived => null, label => null",
                "everyone => false, archived => false, label => 'rare'")) {
            buffers.put(list, buffers(list));
        }
        return buffers;
    }

    private long buffers(String list) throws SQLException {
        try (var connection = WORLD.database().connect(World.FUNCTIONS_ROLE);
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("set local role authenticated");
            statement.execute("select set_config('request.jwt.claims', '{\"sub\":\"%s\",\"tenant_id\":\"%s\"}', true)"
                    .formatted(eve.userId(), eve.tenantId()));
            String call = "select * from history.list_conversations(" + list
                    + ", until => null, until_id => null, most => 51, bytes => 4000000)";
            statement.executeQuery(call).close(); // what is planned once
            var plan = statement.executeQuery("explain (analyze, buffers, format json) " + call);
            plan.next();
            JsonNode root = new com.fasterxml.jackson.databind.ObjectMapper()
                    .readTree(plan.getString(1))
                    .path(0)
                    .path("Plan");
            return root.path("Shared Hit Blocks").asLong()
                    + root.path("Shared Read Blocks").asLong();
        } catch (com.fasterxml.jackson.core.JsonProcessingException notJson) {
            throw new AssertionError(notJson);
        }
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** A rollback has no place for it in chat_sessions, and the next migration puts it back. */
    @Test
    void survivesARollback() throws SQLException {
        try (World world = World.beforeMigration()) {
            world.migrate();
            JsonNode made = world.call(Call.post(PATH, "{}").as(world.ada())).json();
            Call patch = Call.patch(pathOf(made), "{\"archived\":true,\"labels\":[\"b\",\"a\"]}")
                    .as(world.ada());
            assertEquals(200, world.call(patch).status());
            world.rollBack();
            JsonNode row = world.call(Call.get(PATH).as(world.ada())).json().path(0);
            assertEquals(false, row.path("archived").asBoolean(true));
            for (Call refused : List.of(
                    patch,
                    Call.get(PATH).query("archived", "true"),
                    Call.get(PATH).query("label", "a"))) {
                Answer answer = world.call(refused.as(world.ada()));
                assertEquals(503, answer.status(), answer.body());
                assertTrue(answer.json().path("type").asText().endsWith("migration-pending"));
            }
            world.migrate();
            assertEquals(0, world.call(Call.get(PATH).as(world.ada())).json().size());
            JsonNode back = world.call(Call.get(PATH)
                            .query("archived", "true")
                            .query("label", "a")
                            .as(world.ada()))
                    .json()
                    .path(0);
            assertEquals(List.of("b", "a"), texts(back.path("labels")));
        }
    }
}
