package history.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.World;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The five conversation endpoints, each through its handler's entry point. */
class ConversationEndpointsTest {
    private static final World WORLD = World.create();
    private static final String PATH = "/api/conversations";

    @AfterAll
    static void close() {
        WORLD.close();
    }

    private static Answer asAda(Call call) {
        return WORLD.call(call.as(WORLD.ada()));
    }

    private static Answer asBob(Call call) {
        return WORLD.call(call.as(WORLD.bob()));
    }

    private static JsonNode created(String json) {
        Answer answer = asAda(Call.post(PATH, json));
        assertEquals(201, answer.status(), answer.body());
        return answer.json();
    }

    private static String pathOf(JsonNode conversation) {
        return PATH + "/" + conversation.path("id").asText();
    }

    @Test
    void createsAConversationOfTheCallersTenant() {
        Answer answer = asAda(Call.post(PATH, "{\"title\":\"Émile 🚀\",\"metadata\":{\"n\":1.10}}"));
        assertEquals(201, answer.status(), answer.body());
        JsonNode conversation = answer.json();
        assertEquals("Émile 🚀", conversation.path("title").asText());
        assertEquals(
                WORLD.ada().userId().toString(), conversation.path("user_id").asText());
        assertEquals(
                WORLD.ada().tenantId().toString(),
                conversation.path("tenant_id").asText());
        assertEquals(0, conversation.path("message_count").asInt(-1));
        assertTrue(answer.body().contains("1.10"), "numbers keep their digits: " + answer.body());
        assertTrue(conversation
                .path("created_at")
                .asText()
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z"));
        assertEquals(pathOf(conversation), answer.header("location").orElseThrow());
        assertEquals(
                answer.header("etag"), asAda(Call.get(pathOf(conversation))).header("etag"));
    }

    @Test
    void anEmptyBodyMakesAConversationWithTheDefaults() {
        JsonNode conversation = created("{}");
        assertEquals("New Conversation", conversation.path("title").asText());
        assertEquals("{}", conversation.path("metadata").toString());
        assertEquals(7, UUID.fromString(conversation.path("id").asText()).version());
    }

    @Test
    void bobCannotSeeChangeOrDeleteWhatIsAdas() {
        JsonNode adas = created("{\"title\":\"private\"}");
        String unknown = PATH + "/" + UUID.randomUUID();
        for (Call call : List.of(
                Call.get(pathOf(adas)), Call.patch(pathOf(adas), "{\"title\":\"mine\"}"), Call.delete(pathOf(adas)))) {
            Answer foreign = asBob(call);
            Answer missing = asBob(new Call(call.method(), unknown, call.query(), call.headers(), call.body()));
            assertEquals(404, foreign.status());
            assertEquals(missing.headers(), foreign.headers());
            assertEquals(
                    missing.body().replace(unknown, ""), foreign.body().replace(pathOf(adas), ""), "existence leaks");
        }
        assertEquals(
                "private", asAda(Call.get(pathOf(adas))).json().path("title").asText());
        assertTrue(asBob(Call.get(PATH))
                .json()
                .valueStream()
                .noneMatch(row -> row.path("id").equals(adas.path("id"))));
    }

    @Test
    void patchesAsAMergePatch() {
        JsonNode conversation = created("{\"title\":\"a\",\"metadata\":{\"keep\":{\"x\":1,\"y\":2},\"drop\":true}}");
        Answer answer = asAda(Call.patch(
                pathOf(conversation), "{\"title\":\"b\",\"metadata\":{\"keep\":{\"y\":null,\"z\":3},\"drop\":null}}"));
        assertEquals(200, answer.status(), answer.body());
        assertEquals("b", answer.json().path("title").asText());
        assertEquals(
                "{\"keep\":{\"x\":1,\"z\":3}}", answer.json().path("metadata").toString());
        assertNotEquals(conversation.path("updated_at"), answer.json().path("updated_at"));
        assertEquals(conversation.path("created_at"), answer.json().path("created_at"));
    }

    @Test
    void aTitleIsStoredAndShownAsItWasSent() {
        JsonNode conversation = created("{\"title\":\" pad \"}");
        assertEquals(" pad ", conversation.path("title").asText());
        String patch = "{\"title\":\"  b\\u00a0\"}";
        for (Answer answer :
                List.of(asAda(Call.patch(pathOf(conversation), patch)), asAda(Call.get(pathOf(conversation))))) {
            assertEquals("  b\u00a0", answer.json().path("title").asText(), answer.body());
        }
        assertTrue(asAda(Call.get(PATH))
                .json()
                .valueStream()
                .anyMatch(row -> row.path("title").asText().equals("  b\u00a0")));
    }

    @Test
    void aPatchOfOneFieldLeavesTheOtherAndNullGoesBackToTheDefault() {
        JsonNode conversation = created("{\"title\":\"a\",\"metadata\":{\"k\":1}}");
        JsonNode renamed =
                asAda(Call.patch(pathOf(conversation), "{\"title\":\"b\"}")).json();
        assertEquals("{\"k\":1}", renamed.path("metadata").toString());
        JsonNode cleared = asAda(Call.patch(pathOf(conversation), "{\"title\":null,\"metadata\":null}"))
                .json();
        assertEquals("New Conversation", cleared.path("title").asText());
        assertEquals("{}", cleared.path("metadata").toString());
    }

    @Test
    void anEmptyPatchChangesNothing() {
        JsonNode conversation = created("{\"title\":\"a\"}");
        Answer answer = asAda(Call.patch(pathOf(conversation), "{}"));
        assertEquals(200, answer.status(), answer.body());
        assertEquals(conversation, answer.json());
    }

    @Test
    void refusesMetadataThatWouldGrowBeyondItsLimit() {
        String half = "x".repeat(9_000);
        JsonNode conversation = created("{\"metadata\":{\"a\":\"" + half + "\"}}");
        Answer answer = asAda(Call.patch(pathOf(conversation), "{\"metadata\":{\"b\":\"" + half + "\"}}"));
        assertEquals(422, answer.status());
        assertEquals(
                "/metadata",
                answer.json().path("errors").path(0).path("pointer").asText());
        assertEquals(
                1, asAda(Call.get(pathOf(conversation))).json().path("metadata").size());
    }

    @Test
    void changesOnlyTheVersionThatIfMatchNames() {
        JsonNode conversation = created("{}");
        String old = asAda(Call.get(pathOf(conversation))).header("etag").orElseThrow();
        Answer first =
                asAda(Call.patch(pathOf(conversation), "{\"title\":\"b\"}").header("If-Match", old));
        assertEquals(200, first.status(), first.body());
        assertEquals(
                412,
                asAda(Call.patch(pathOf(conversation), "{\"title\":\"c\"}").header("If-Match", old))
                        .status());
        assertEquals(
                412,
                asAda(Call.delete(pathOf(conversation)).header("If-Match", old)).status());
        assertEquals(
                412,
                asAda(Call.delete(pathOf(conversation))
                                .header("If-Match", "W/" + first.header("etag").orElseThrow()))
                        .status(),
                "a weak tag never matches");
        assertEquals(
                "b", asAda(Call.get(pathOf(conversation))).json().path("title").asText());
        assertEquals(
                204,
                asAda(Call.delete(pathOf(conversation))
                                .header(
                                        "If-Match",
                                        "\"other\", " + first.header("etag").orElseThrow()))
                        .status());
        assertEquals(
                404,
                asAda(Call.delete(pathOf(conversation)).header("If-Match", "*")).status());
    }

    @Test
    void answers304ToWhoHasTheSameAlready() {
        JsonNode conversation = created("{}");
        for (String path : List.of(pathOf(conversation), PATH)) {
            String etag = asAda(Call.get(path)).header("etag").orElseThrow();
            Answer again = asAda(Call.get(path).header("If-None-Match", "\"x\", W/" + etag));
            assertEquals(304, again.status());
            assertEquals("", again.body());
            assertEquals(etag, again.header("etag").orElseThrow());
        }
        String before = asAda(Call.get(pathOf(conversation))).header("etag").orElseThrow();
        asAda(Call.patch(pathOf(conversation), "{\"title\":\"moved on\"}"));
        assertEquals(
                200,
                asAda(Call.get(pathOf(conversation)).header("If-None-Match", before))
                        .status());
    }

    @Test
    void deletesOnceAndForGood() {
        JsonNode conversation = created("{}");
        Answer answer = asAda(Call.delete(pathOf(conversation)));
        assertEquals(204, answer.status());
        assertEquals("", answer.body());
        assertEquals(404, asAda(Call.get(pathOf(conversation))).status());
        assertEquals(404, asAda(Call.delete(pathOf(conversation))).status());
    }

    @Test
    void aKeyMakesARetryMeetItsOwnConversation() {
        Call call = Call.post(PATH, "{\"title\":\"once\"}").header("Idempotency-Key", "key-1");
        Answer first = asAda(call);
        Answer again = asAda(call);
        assertEquals(201, first.status(), first.body());
        assertEquals(201, again.status());
        assertEquals(first.json(), again.json());
        assertTrue(first.header("idempotency-replayed").isEmpty());
        assertEquals("true", again.header("idempotency-replayed").orElseThrow());
        Answer other = asAda(Call.post(PATH, "{\"title\":\"twice\"}").header("Idempotency-Key", "key-1"));
        assertEquals(422, other.status(), other.body());
        Answer bobs = asBob(call);
        assertEquals(201, bobs.status());
        assertNotEquals(first.json().path("id"), bobs.json().path("id"));
        assertTrue(bobs.header("idempotency-replayed").isEmpty());
    }

    /** A retry gives the conversation as it is now, and never makes one anew that has been deleted. */
    @Test
    void aRetryMeetsWhatHasBecomeOfItsConversation() {
        Call call = Call.post(PATH, "{\"title\":\"a\",\"metadata\":{\"x\":1,\"y\":{\"b\":2,\"a\":3}}}")
                .header("Idempotency-Key", "life");
        JsonNode conversation = asAda(call).json();
        asAda(Call.patch(pathOf(conversation), "{\"title\":\"b\"}"));
        Answer retried = asAda(Call.post(PATH, "{ \"metadata\":{\"y\":{\"a\":3,\"b\":2},\"x\":1},\"title\":\"a\"}")
                .header("Idempotency-Key", "life"));
        assertEquals(201, retried.status(), retried.body());
        assertEquals("b", retried.json().path("title").asText());
        assertEquals(asAda(Call.get(pathOf(conversation))).header("etag"), retried.header("etag"));
        assertEquals("true", retried.header("idempotency-replayed").orElseThrow());
        assertEquals(204, asAda(Call.delete(pathOf(conversation))).status());
        for (int i = 0; i < 2; i++) {
            Answer gone = asAda(call);
            assertEquals(410, gone.status(), gone.body());
            assertEquals("application/problem+json", gone.header("content-type").orElseThrow());
        }
        assertEquals(404, asAda(Call.get(pathOf(conversation))).status());
        assertEquals(201, asBob(call).status());
    }

    @Test
    void readsEventsOfBothPayloadFormats() {
        Answer one = WORLD.api().call1(Call.post(PATH, "{\"title\":\"one\"}").as(WORLD.ada()));
        assertEquals(201, one.status(), one.body());
        Answer read = WORLD.api().call1(Call.get(pathOf(one.json())).as(WORLD.ada()));
        assertEquals(200, read.status());
        assertEquals("one", read.json().path("title").asText());
        assertEquals(
                400,
                WORLD.api()
                        .call1(Call.get(PATH).query("limit", "x").as(WORLD.ada()))
                        .status());
    }
}
