package history.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import history.auth.Tokens;
import history.fixture.Answer;
import history.fixture.Api;
import history.fixture.Call;
import history.fixture.Person;
import history.fixture.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Garbage in, a clear answer out; through the handlers' entry points. */
class BadInputTest {
    private static final World WORLD = World.create();
    private static final String PATH = "/api/conversations";

    @AfterAll
    static void close() {
        WORLD.close();
    }

    private static Answer post(String body) {
        return WORLD.call(Call.post(PATH, body).as(WORLD.ada()));
    }

    private static void assertProblem(int status, Answer answer) {
        assertEquals(status, answer.status(), answer.body());
        assertEquals("application/problem+json", answer.header("content-type").orElseThrow());
        JsonNode problem = answer.json();
        assertEquals(status, problem.path("status").intValue());
        for (String field : List.of("type", "title", "detail", "instance", "request_id")) {
            assertFalse(problem.path(field).asText().isBlank(), field);
        }
        assertEquals("no-store", answer.header("cache-control").orElseThrow());
        assertEquals("nosniff", answer.header("x-content-type-options").orElseThrow());
    }

    private static List<String> pointers(Answer answer) {
        return StreamSupport.stream(answer.json().path("errors").spliterator(), false)
                .map(error -> error.path("pointer").asText())
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "nope",
                "{\"title\":\"a\"}}",
                "{\"title\":\"a\",\"title\":\"b\"}",
                "[]",
                "\"x\"",
                "1",
                "null",
                "{'title':'a'}",
                "{\"title\":NaN}",
                "\u0000",
                "<a/>"
            })
    void refusesABodyThatIsNoJsonObject(String body) {
        assertProblem(400, post(body));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{'title':'secret','title':'b'}|has an object with the same name twice: line 1, column 26.",
                "surrogate|is not JSON: line 1, column 1.",
                "\uFEFF[]|is JSON, but not an object."
            })
    void saysWhyABodyIsRefused(String body, String fault) {
        Answer answer = post(body.replace('\'', '"'));
        assertProblem(400, answer);
        assertEquals("The body " + fault, answer.json().path("detail").asText());
    }

    /** A front end must not believe that it has filtered or sorted. */
    @Test
    void refusesAParameterThatItDoesNotKnow() {
        for (String route : Api.routes()) {
            String path = route.substring(route.indexOf(' ') + 1)
                    .replaceAll("\\{\\w+}", UUID.randomUUID().toString());
            for (String name : List.of("sort", "Limit", "q", "")) {
                Answer answer = WORLD.call(
                        new Call(route.split(" ", 2)[0], path, Map.of(name, "x"), Map.of(), null).as(WORLD.ada()));
                assertProblem(400, answer);
                String detail = answer.json().path("detail").asText();
                assertTrue(detail.startsWith("\"" + name + "\" is not a parameter here; allowed: "), detail);
            }
        }
        Answer answer = WORLD.call(Call.get(PATH).query("sort", "title").as(WORLD.ada()));
        assertTrue(
                answer.json().path("detail").asText().endsWith("limit, cursor, scope, archived, label."),
                answer.body());
    }

    @Test
    void refusesABodyThatIsNestedTooDeep() {
        Answer answer = post("{\"metadata\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
        assertProblem(422, answer);
        assertEquals(List.of("/metadata"), pointers(answer));
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheBody() {
        assertEquals(201, post("\uFEFF{\"title\":\"x\"}").status());
        assertEquals(201, post(" \n").status(), "as none");
        assertEquals(201, post("\uFEFF").status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"title\":1}",
                "{\"title\":[]}",
                "{\"title\":\"\"}",
                "{\"title\":\" \\n\"}",
                "{\"title\":\"\\u0000\"}"
            })
    void refusesATitleThatIsNone(String body) {
        Answer answer = post(body);
        assertProblem(422, answer);
        assertEquals(List.of("/title"), pointers(answer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "\"{}\"", "true"})
    void refusesMetadataThatIsNoObject(String metadata) {
        Answer answer = post("{\"metadata\":" + metadata + "}");
        assertProblem(422, answer);
        assertEquals(List.of("/metadata"), pointers(answer));
    }

    @Test
    void countsATitleInCharactersNotInUnits() {
        assertEquals(201, post("{\"title\":\"" + "🚀".repeat(255) + "\"}").status());
        assertEquals(201, post("{\"title\":\"" + "a".repeat(255) + "\"}").status());
        assertProblem(422, post("{\"title\":\"" + "a".repeat(256) + "\"}"));
        assertProblem(422, post("{\"title\":\"" + "🚀".repeat(256) + "\"}"));
    }

    @Test
    void allowsSixteenKilobytesOfMetadataAsTheDatabasePrintsIt() {
        String most = "{\"a\":\"" + "x".repeat(16 * 1024 - 9) + "\"}";
        assertEquals(201, post("{\"metadata\":" + most + "}").status());
        assertProblem(422, post("{\"metadata\":" + most.replace("\"a\"", "\"ab\"") + "}"));
    }

    @Test
    void reportsEveryFieldThatIsWrongAtOnce() {
        Answer answer = post("{\"title\":3,\"metadata\":[],\"id\":\"x\",\"a/b\":1,\"tenant_id\":\"t\"}");
        assertProblem(422, answer);
        assertEquals(List.of("/a~1b", "/id", "/metadata", "/tenant_id", "/title"), pointers(answer));
    }

    /** What a person typed is stored as it is, or refused. */
    @Test
    void refusesWhatPostgresqlTextCannotHoldByItsPlace() {
        String path = PATH + "/" + post("{}").json().path("id").asText();
        for (String bad : List.of("a\\u0000b", "\\ud800c", "\\udc00")) {
            String body = "{\"title\":\"%1$s🚀\",\"metadata\":{\"a/b\":[1,\"%1$s\"]}}".formatted(bad);
            for (Answer answer :
                    List.of(post(body), WORLD.call(Call.patch(path, body).as(WORLD.ada())))) {
                assertProblem(422, answer);
                assertEquals(List.of("/metadata/a~1b/1", "/title"), pointers(answer));
            }
            assertEquals(
                    List.of("/labels/0"),
                    pointers(WORLD.call(Call.patch(path, "{\"labels\":[\"%s\"]}".formatted(bad))
                            .as(WORLD.ada()))));
        }
        assertEquals(List.of("/metadata/\u0000"), pointers(post("{\"metadata\":{\"\\u0000\":1}}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "a\\ud800b", "\\udc00", "\\ud83d\\ud83d"})
    void refusesANameWithHalfOfAPairByThePlaceOfItsObject(String half) {
        String path = PATH + "/" + post("{}").json().path("id").asText();
        String part =
                "{\"id\":\"half\",\"messages\":[{\"id\":\"m\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"%s\":1}]}]}"
                        .formatted(half);
        var calls = Map.of(
                "/metadata", Call.post(PATH, "{\"metadata\":{\"%s\":1}}".formatted(half)),
                "/metadata/a~1b/1",
                        Call.patch(path, "{\"metadata\":{\"a/b\":[0,{\"c\":[2],\"%s\":1}]}}".formatted(half)),
                "/messages/0/parts/0", Call.post("/api/chat", part),
                "", Call.post("/api/chat", "{\"message\":\"hi\",\"%s\":1}".formatted(half)));
        calls.forEach((pointer, call) -> {
            Answer answer = WORLD.call(call.as(WORLD.ada()));
            assertProblem(422, answer);
            assertEquals(List.of(pointer), pointers(answer));
            assertTrue(answer.json().path("detail").asText().endsWith("has a name with half of a surrogate pair"));
        });
    }

    @Test
    void countsAllFieldsThatAreWrongAndListsFifty() {
        var fields = IntStream.range(0, 1000).mapToObj(i -> "\"x%d\":1".formatted(i));
        Answer answer = post(fields.collect(Collectors.joining(",", "{", "}")));
        assertProblem(422, answer);
        assertEquals("1000 fields are wrong.", answer.json().path("detail").asText());
        assertEquals(50, answer.json().path("errors").size());
    }

    @Test
    void refusesAParameterThatIsEmptyOrNoNumber() {
        for (String path : List.of(PATH, PATH + "/x", PATH + "/x/messages/y")) {
            for (String name : parameters(path)) {
                for (String blank : List.of("", " ", "\u200b", "a\u0000", "\ud800")) {
                    Call call = Call.get(path).query(name, blank).as(WORLD.ada());
                    for (Answer answer : List.of(WORLD.call(call), WORLD.api().call1(call))) {
                        assertProblem(400, answer);
                        assertTrue(answer.json().path("detail").asText().startsWith(name), answer.body());
                    }
                }
            }
        }
        for (String number : List.of("99999999999999999999", "-1", "1e3", "\u0661")) {
            Answer answer = WORLD.call(
                    Call.get(PATH + "/x/messages/y").query("from", number).as(WORLD.ada()));
            assertProblem(400, answer);
            assertEquals(
                    "from must be a whole number from 0 to 2147483646.",
                    answer.json().path("detail").asText());
        }
    }

    private static List<String> parameters(String path) {
        String detail = WORLD.call(Call.get(path).query("?", "").as(WORLD.ada()))
                .json()
                .path("detail")
                .asText();
        return List.of(detail.replaceAll(".*allowed: |\\.$", "").split(", ", -1));
    }

    @Test
    void refusesANumberThatNoColumnHolds() {
        assertProblem(422, post("{\"metadata\":{\"n\":1e999999}}"));
    }

    @Test
    void wantsJsonAndSaysSo() {
        for (String type : List.of(
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/jsonp",
                "application/json-patch+json")) {
            assertProblem(415, WORLD.call(Call.post(PATH, "{}").as(WORLD.ada()).header("Content-Type", type)));
        }
        for (String type :
                List.of("application/json; charset=utf-8", "APPLICATION/JSON", "application/merge-patch+json")) {
            assertEquals(
                    201,
                    WORLD.call(Call.post(PATH, "{}").as(WORLD.ada()).header("Content-Type", type))
                            .status());
        }
    }

    @Test
    void refusesABodyThatIsTooLarge() {
        assertEquals(201, post("{}" + " ".repeat(5 * 1024 * 1024 - 2)).status());
        assertProblem(413, post("{}" + " ".repeat(5 * 1024 * 1024 - 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "x", "null", "1-1-1-1-1", "00000000-0000-0000-0000-00000000000g", "%27", "..", "🚀"})
    void findsNothingByAnIdThatNobodyGave(String id) {
        assertProblem(404, WORLD.call(Call.get(PATH + "/" + id).as(WORLD.ada())));
        assertProblem(404, WORLD.call(Call.patch(PATH + "/" + id, "{}").as(WORLD.ada())));
        assertProblem(404, WORLD.call(Call.delete(PATH + "/" + id).as(WORLD.ada())));
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b", "ключ"})
    void refusesAnIdempotencyKeyThatIsNone(String key) {
        assertProblem(400, WORLD.call(Call.post(PATH, "{}").as(WORLD.ada()).header("Idempotency-Key", key)));
    }

    @Test
    void everyEndpointWantsAToken() {
        var nobody = new Person(UUID.randomUUID(), UUID.randomUUID(), null);
        var expired = World.tokens()
                .user(WORLD.ada().userId())
                .expiresIn(Duration.ofHours(-1))
                .bearer();
        var forged = Tokens.hs256().user(WORLD.ada().userId()).bearer();
        for (String route : Api.routes()) {
            String[] parts =
                    route.replaceAll("\\{\\w+}", UUID.randomUUID().toString()).split(" ", 2);
            Call call = new Call(parts[0], parts[1], java.util.Map.of(), java.util.Map.of(), "{}");
            for (Call unknown : List.of(
                    call.as(nobody),
                    call.header("authorization", expired),
                    call.header("Authorization", forged),
                    call.header("Authorization", "Basic YTpi"),
                    call.header("Authorization", "Bearer"))) {
                Answer answer = WORLD.call(unknown);
                assertProblem(401, answer);
                var came = unknown.headers().values().stream().anyMatch(it -> it.startsWith("Bearer "));
                assertEquals(
                        came ? "Bearer error=\"invalid_token\"" : "Bearer",
                        answer.header("www-authenticate").orElse(""),
                        route);
                assertTrue(answer.json().path("detail").asText().matches("(A|The) .*[^.]\\."), answer.body());
            }
        }
    }

    @Test
    void aUserWithoutATenantIsToldSo() throws Exception {
        UUID user = UUID.randomUUID();
        WORLD.execute("insert into auth.users (id) values ('%s')".formatted(user));
        for (String bearer : List.of(
                World.tokens().user(user).bearer(),
                World.tokens().user(user).tenant(WORLD.ada().tenantId()).bearer(),
                World.tokens().user(user).claim("tenant_id", "acme").bearer())) {
            var stranger = new Person(user, WORLD.ada().tenantId(), bearer);
            assertProblem(403, WORLD.call(Call.get(PATH).as(stranger)));
            assertProblem(403, WORLD.call(Call.post(PATH, "{}").as(stranger)));
            assertProblem(403, WORLD.call(Call.get(PATH + "/" + user).as(stranger)));
        }
    }

    @Test
    void aUserOfSeveralTenantsMustChoose() throws Exception {
        UUID user = WORLD.person(WORLD.ada().tenantId(), "user").userId();
        var single = new Person(
                user, WORLD.ada().tenantId(), World.tokens().user(user).bearer());
        assertEquals(201, WORLD.call(Call.post(PATH, "{}").as(single)).status(), "the only membership is chosen");
        WORLD.join(user, WORLD.bob().tenantId(), "user");
        assertProblem(403, WORLD.call(Call.get(PATH).as(single)));
        var chosen = new Person(
                user,
                WORLD.bob().tenantId(),
                World.tokens().user(user).tenant(WORLD.bob().tenantId()).bearer());
        assertEquals(0, WORLD.call(Call.get(PATH).as(chosen)).json().size(), "the other tenant's stay there");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "1",
                "\"x\"",
                "{}",
                "{\"headers\":1,\"requestContext\":[]}",
                "{\"rawPath\":{},\"body\":7,\"isBase64Encoded\":true}"
            })
    void survivesAnEventThatIsNone(String event) {
        for (String route : Api.routes()) {
            int status = WORLD.api()
                    .send(route, event.getBytes(StandardCharsets.UTF_8))
                    .status();
            assertTrue(status == 400 || status == 401, route + " answered " + status);
        }
    }
}
