package history.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.Person;
import history.fixture.World;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Pages of conversations and pages of messages. */
class ListPagesTest {
    private static final World WORLD = World.create();
    private static final String PATH = "/api/conversations";

    @AfterAll
    static void close() {
        WORLD.close();
    }

    private static Call follow(String link) {
        Call call = Call.get(URI.create(link).getPath());
        for (String pair : URI.create(link).getQuery().split("&", -1)) {
            call = call.query(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return call;
    }

    private static void insertConversations(Person owner, int count, String createdAt) throws SQLException {
        WORLD.execute("""
                insert into public.conversations (id, tenant_id, user_id, title, last_seq, message_count, created_at)
                select gen_random_uuid(), '%s', '%s', 'c' || n, 0, 0, %s from generate_series(1, %d) n
                """.formatted(owner.tenantId(), owner.userId(), createdAt, count));
    }

    private static List<String> allIds(Person caller, Call first) {
        List<String> ids = new ArrayList<>();
        Optional<Call> next = Optional.of(first);
        while (next.isPresent()) {
            Answer page = WORLD.call(next.get().as(caller));
            assertEquals(200, page.status(), page.body());
            page.json().forEach(row -> ids.add(row.path("id").asText()));
            next = page.link("next").map(ListPagesTest::follow);
        }
        return ids;
    }

    @Test
    void pagesLoseNothingWhereTimesTie() throws SQLException {
        Person eve = WORLD.person(WORLD.ada().tenantId(), "user");
        insertConversations(eve, 23, "timestamptz '2026-01-01'");
        List<String> ids = allIds(eve, Call.get(PATH).query("limit", "5"));
        assertEquals(23, ids.size());
        assertEquals(23, new HashSet<>(ids).size());
        assertEquals(ids, allIds(eve, Call.get(PATH)));
    }

    @Test
    void refusesACursorThatItDidNotGiveOut() throws SQLException {
        Person eve = WORLD.person(WORLD.ada().tenantId(), "user");
        insertConversations(eve, 3, "now()");
        String link = WORLD.call(Call.get(PATH).query("limit", "1").as(eve))
                .link("next")
                .orElseThrow();
        String cursor = follow(link).query().getOrDefault("cursor", "");
        for (int i = 0; i < cursor.length(); i++) {
            char other = cursor.charAt(i) == 'A' ? 'B' : 'A';
            String altered = cursor.substring(0, i) + other + cursor.substring(i + 1);
            assertEquals(
                    400,
                    WORLD.call(Call.get(PATH).query("cursor", altered).as(eve)).status(),
                    altered);
        }
        for (String garbage : List.of("", "%", "null", "' or 1=1 --", "A".repeat(5_000), cursor + "=")) {
            assertEquals(
                    400,
                    WORLD.call(Call.get(PATH).query("cursor", garbage).as(eve)).status(),
                    garbage);
        }
        assertEquals(
                400,
                WORLD.call(Call.get(PATH).query("cursor", cursor).as(WORLD.bob()))
                        .status());
        assertEquals(
                400,
                WORLD.call(Call.get(PATH)
                                .query("cursor", cursor)
                                .query("scope", "tenant")
                                .as(eve))
                        .status());
    }

    @Test
    void onlyAnAdminListsTheWholeTenant() throws SQLException {
        Person admin = WORLD.person(WORLD.ada().tenantId(), "admin");
        Person member = WORLD.person(WORLD.ada().tenantId(), "user");
        insertConversations(member, 2, "now()");
        insertConversations(WORLD.bob(), 1, "now()");
        Call whole = Call.get(PATH).query("scope", "tenant").query("limit", "1");
        List<String> seen = allIds(admin, whole);
        assertTrue(seen.containsAll(allIds(member, Call.get(PATH))));
        assertTrue(allIds(WORLD.bob(), Call.get(PATH)).stream().noneMatch(seen::contains));
        assertEquals(List.of(), allIds(admin, Call.get(PATH)), "the admin has none of their own");
        assertEquals(403, WORLD.call(whole.as(member)).status());
        assertEquals(
                400,
                WORLD.call(Call.get(PATH).query("scope", "world").as(admin)).status());
    }

    @Test
    void anAdminReadsAndNeverWritesWhatIsAMembers() throws SQLException {
        Person admin = WORLD.person(WORLD.ada().tenantId(), "admin");
        insertConversations(WORLD.ada(), 1, "now()");
        String path = PATH + "/" + allIds(WORLD.ada(), Call.get(PATH)).getFirst();
        assertEquals(200, WORLD.call(Call.get(path).as(admin)).status());
        assertEquals(
                404, WORLD.call(Call.patch(path, "{\"title\":\"x\"}").as(admin)).status());
        assertEquals(404, WORLD.call(Call.delete(path).as(admin)).status());
    }

    /** A conversation of their own that has the UUID as its chat's id, from before they became an admin, does not hide what the UUID names. */
    @Test
    void anAdminReadsWhatIsAMembersAlsoAfterSendingUnderItsId() throws SQLException {
        Person admin = WORLD.person(WORLD.ada().tenantId(), "user");
        String path = conversationWith(1, "'Ada''s'");
        String id = path.substring(PATH.length() + 1);
        JsonNode adas = WORLD.call(Call.get(path).as(WORLD.ada())).json();
        Call send = Call.post("/api/chat", """
                {"id":"%s","messages":[{"id":"m","role":"user","parts":[{"type":"text","text":"Hello"}]}]}""".formatted(id)).as(admin);
        Answer sent = WORLD.call(send);
        assertEquals(200, sent.status(), sent.body());
        WORLD.execute("update public.tenant_users set role = 'admin' where user_id = '%s'".formatted(admin.userId()));
        assertEquals(404, WORLD.call(send).status());
        assertEquals(1, allIds(admin, Call.get(PATH)).size());
        assertEquals(adas, WORLD.call(Call.get(path).as(admin)).json());
        String message = path + "/messages/" + adas.at("/messages/0/id").asText();
        assertEquals(200, WORLD.call(Call.get(message).as(admin)).status());
        for (Call change : List.of(
                Call.patch(path, "{\"title\":\"mine\"}"), Call.delete(path + "/messages/m"), Call.delete(path))) {
            assertEquals(404, WORLD.call(change.as(admin)).status(), "what is read is what is changed");
        }
        String own = PATH + "/" + allIds(admin, Call.get(PATH)).getFirst();
        assertEquals(204, WORLD.call(Call.delete(own).as(admin)).status());
        assertEquals(adas, WORLD.call(Call.get(path).as(WORLD.ada())).json());
    }

    private static String conversationWith(int messages, String content) throws SQLException {
        String id = WORLD.call(Call.post(PATH, "{}").as(WORLD.ada()))
                .json()
                .path("id")
                .asText();
        WORLD.execute("""
                insert into public.messages (id, tenant_id, conversation_id, user_id, role, content)
                select gen_random_uuid(), '%s', '%s', '%s', 'user', %s from generate_series(1, %d) n
                """.formatted(WORLD.ada().tenantId(), id, WORLD.ada().userId(), content, messages));
        return PATH + "/" + id;
    }

    @Test
    void messagesComeOldestFirstAndPageBackwards() throws SQLException {
        String path = conversationWith(450, "'m' || n");
        Answer newest = WORLD.call(Call.get(path).as(WORLD.ada()));
        assertEquals(450, newest.json().path("message_count").asInt());
        List<Integer> seqs = new ArrayList<>();
        Optional<Call> next = Optional.of(Call.get(path));
        int pages = 0;
        while (next.isPresent()) {
            Answer page = WORLD.call(next.get().as(WORLD.ada()));
            List<Integer> older = new ArrayList<>();
            page.json()
                    .path("messages")
                    .forEach(message -> older.add(message.path("seq").asInt()));
            seqs.addAll(0, older);
            pages++;
            next = page.link("prev").map(ListPagesTest::follow);
        }
        assertEquals(3, pages);
        assertEquals(java.util.stream.IntStream.rangeClosed(1, 450).boxed().toList(), seqs);
        Call most = Call.get(path).query("limit", "5000");
        assertEquals(
                450, WORLD.call(most.as(WORLD.ada())).json().path("messages").size());
        for (String wrong : List.of("0", "-1", "x", "1.5", "99999999999999999999")) {
            assertEquals(
                    400,
                    WORLD.call(Call.get(path).query("before", wrong).as(WORLD.ada()))
                            .status(),
                    wrong);
        }
    }

    @Test
    void aPageEndsBeforeTheGatewaysLimit() throws SQLException {
        String path = conversationWith(12, "repeat('\"', 200000)");
        Answer page = WORLD.call(Call.get(path).as(WORLD.ada()));
        assertEquals(200, page.status());
        int envelope = page.body().replace("\\", "\\\\").replace("\"", "\\\"").length();
        assertTrue(envelope < 6_000_000, "the answer has " + envelope + " bytes in its envelope");
        assertTrue(page.link("prev").isPresent());
        List<Integer> seqs = new ArrayList<>();
        Optional<Call> next = Optional.of(Call.get(path));
        while (next.isPresent()) {
            Answer older = WORLD.call(next.get().as(WORLD.ada()));
            older.json()
                    .path("messages")
                    .forEach(message -> seqs.add(message.path("seq").asInt()));
            next = older.link("prev").map(ListPagesTest::follow);
        }
        assertEquals(12, new HashSet<>(seqs).size());
    }

    @Test
    void refusesALimitBelowOne() {
        for (String limit : List.of("0", "-5", "abc", "", "1e3", "٣", "1" + "0".repeat(18))) {
            for (String path : List.of(PATH, PATH + "/" + java.util.UUID.randomUUID())) {
                Answer answer = WORLD.call(Call.get(path).query("limit", limit).as(WORLD.ada()));
                assertEquals(400, answer.status(), "limit=" + limit);
            }
        }
        Call most = Call.get(PATH).query("limit", "9".repeat(18));
        assertEquals(200, WORLD.call(most.as(WORLD.ada())).status());
    }
}
