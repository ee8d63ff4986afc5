package history.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.World;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP as its RFCs have it, in the events of every gateway. */
final class ProtocolTest {
    private static final World WORLD = World.create();
    private static final String PATH = "/api/conversations";

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/event-stream",
                "TEXT/Event-Stream;charset=utf-8",
                "text/event-stream, application/json",
                "text/event-stream, */*;q=0.1",
                "application/json;q=0.5 , text/event-stream;q=0.6",
                "application/json; q=0, text/event-stream;q=0.001",
                "text/*"
            })
    void sendsEventsToWhoWouldRatherHaveThem(String accept) {
        assertEquals("text/event-stream", answeredType(accept));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*",
                "application/json",
                "application/*",
                "text/event-streams",
                "application/json, x-text/event-stream",
                "application/json, text/event-stream;q=0",
                "application/json, text/event-stream ; Q=0.9",
                "text/event-stream;q=0, */*",
                "text/*;q=0.2, application/json;q=0.3",
                "text/*, text/event-stream;q=0, */*;q=0.1",
                "text/html",
                ","
            })
    void sendsJsonToEverybodyElse(String accept) {
        assertEquals("application/json", answeredType(accept));
    }

    private static String answeredType(String accept) {
        var answer = call(Call.post("/api/chat", "{\"message\":\"Hi\"}").header("Accept", accept));
        assertEquals(200, answer.status(), answer::body);
        return answer.header("content-type").orElse("");
    }

    @Test
    void linesOfOneHeaderAreOneList() throws Exception {
        var made = call(Call.post(PATH, "{}"));
        var path = PATH + "/" + made.json().path("id").asText();
        var etag = made.header("etag").orElseThrow();
        assertEquals(304, lines("GET", path, "If-None-Match", etag, "\"other\"").status());
        assertEquals(
                304,
                lines("GET", path, "If-None-Match", "\"a,b\", \"c\"", "W/" + etag)
                        .status());
        assertEquals(200, lines("PATCH", path, "If-Match", etag, "\"other\"").status());
        assertEquals(
                412, lines("PATCH", path, "If-Match", "\"other\"", "W/" + etag).status());
    }

    /** RFC 9110, 13.1.2: it asks for nothing to be there. */
    @Test
    void anIfNoneMatchOfAnythingKeepsWhatIsThere() {
        var path = PATH + "/" + call(Call.post(PATH, "{}")).json().path("id").asText();
        assertEquals(
                412,
                call(Call.patch(path, "{\"title\":\"x\"}").header("If-None-Match", " * "))
                        .status());
        assertEquals(412, call(Call.delete(path).header("If-None-Match", "*")).status());
        assertEquals(
                404,
                call(Call.delete(PATH + "/nothing").header("If-None-Match", "*"))
                        .status());
        assertEquals(204, call(Call.delete(path)).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "W/%s", "\"x\" , %s", "\"a,b\",%s", "\",\",W/%s,\"\"", "\"a, W/\\\",%s"})
    void findsATagInAnyList(String list) {
        var made = call(Call.post(PATH, "{}"));
        var path = PATH + "/" + made.json().path("id").asText();
        var etag = made.header("etag").orElseThrow();
        assertEquals(
                304,
                call(Call.get(path).header("If-None-Match", list.formatted(etag)))
                        .status());
        int expected = list.contains("W/%s") ? 412 : 200;
        assertEquals(
                expected,
                call(Call.patch(path, "{\"title\":\"x\"}").header("If-Match", list.formatted(etag)))
                        .status());
    }

    @Test
    void aTagWithinAnotherIsNotIt() {
        var made = call(Call.post(PATH, "{}"));
        var path = PATH + "/" + made.json().path("id").asText();
        var tag = made.header("etag").orElseThrow().replace("\"", "");
        String quoted = '"' + tag + '"';
        for (String other : List.of(
                "\"," + tag + ",\"",
                tag,
                "\"W/" + tag + "\"",
                quoted + quoted,
                "'" + quoted + "'",
                quoted + " " + quoted,
                quoted + ", x",
                quoted + ";q=1")) {
            assertEquals(
                    200, call(Call.get(path).header("If-None-Match", other)).status(), other);
            assertEquals(
                    412, call(Call.patch(path, "{}").header("If-Match", other)).status(), other);
        }
    }

    @Test
    void headIsGetWithoutItsBody() {
        var path = PATH + "/" + call(Call.post(PATH, "{}")).json().path("id").asText();
        for (String at : List.of(PATH, path, path + "?", PATH + "/" + UUID.randomUUID(), PATH + "/x")) {
            var get = send("GET", at, "GET");
            var head = send("GET", at, "HEAD");
            assertEquals(get.status(), head.status(), at);
            assertEquals(get.headers(), head.headers(), at);
            assertEquals("", head.body());
            assertFalse(get.body().isEmpty());
        }
        assertEquals("", send("GET", "/api/chat/none/stream", "HEAD").body());
    }

    @Test
    void aMethodThatAnEndpointDoesNotServeIsNotServed() {
        var before = call(Call.get(PATH)).body();
        for (String method : List.of("GET", "HEAD", "PUT", "OPTIONS", "post ")) {
            var answer = send("POST", PATH, method);
            assertEquals(405, answer.status(), method);
            assertEquals("POST", answer.header("allow").orElseThrow());
        }
        assertEquals(405, send("GET", PATH, "POST").status());
        assertEquals(before, call(Call.get(PATH)).body());
    }

    @Test
    void aFunctionUrlAndALoadBalancerNameNoParameters() throws Exception {
        var id = call(
                Call.post(
                        "/api/chat",
                        "{\"id\":\"a b/ü\",\"messages\":[{\"id\":\"m\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"Hi\"}]}]}"));
        assertEquals(200, id.status());
        var url = event("GET", PATH + "/a%20b%2F%C3%BC");
        url.put("version", "2.0");
        url.put("routeKey", "$default");
        url.put("rawPath", url.remove("path"));
        url.put(
                "requestContext",
                Map.of(
                        "http",
                        Map.of("method", url.remove("httpMethod")),
                        "domainName",
                        "abc.lambda-url.eu-central-1.on.aws"));
        url.put("queryStringParameters", Map.of("format", "ui-messages"));
        assertEquals(
                2, send("GET " + PATH + "/{id}", url).json().path("messages").size());
        var balancer = event("GET", PATH + "/a%20b%2F%C3%BC");
        balancer.put("requestContext", Map.of("elb", Map.of("targetGroupArn", "arn")));
        balancer.put("queryStringParameters", Map.of("format", "ui%2Dmessages"));
        assertEquals(
                2,
                send("GET " + PATH + "/{id}", balancer).json().path("messages").size());
        balancer.put("path", "//evil.example.com" + PATH + "/x");
        balancer.remove("queryStringParameters");
        var instance =
                send("GET " + PATH + "/{id}", balancer).json().path("instance").asText();
        assertEquals("/evil.example.com" + PATH + "/x", instance);
    }

    /** A REST API decodes neither path nor parameters, sam local both, and an HTTP API the path of its default route. */
    @Test
    void whatAGatewayPassesOnIsDecodedOnce() throws Exception {
        for (var id : List.of("user 42:m", "50%25 + 1")) {
            var said = call(Call.post(
                    "/api/chat",
                    "{\"id\":\"%s\",\"messages\":[{\"id\":\"m\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"Hi\"}]}]}"
                            .formatted(id)));
            assertEquals(200, said.status(), said::body);
            var encoded = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
            var event = event("GET", PATH + "/" + encoded);
            event.put("pathParameters", Map.of("id", encoded));
            event.put("requestContext", Map.of("path", "/prod" + PATH + "/" + encoded, "stage", "prod"));
            assertEquals(200, send("GET " + PATH + "/{id}", event).status(), id);
            event.remove("pathParameters");
            event.putAll(Map.of("version", "2.0", "routeKey", "$default", "rawPath", PATH + "/" + id));
            event.put("requestContext", Map.of("http", Map.of("method", "GET"), "stage", "$default"));
            assertEquals(200, send("GET " + PATH + "/{id}", event).status(), id);
        }
        var local = event("GET", PATH + "/user 42:m");
        local.put("pathParameters", Map.of("id", "user 42:m"));
        assertEquals(200, send("GET " + PATH + "/{id}", local).status());
    }

    /** A front end must not believe that both count, or that the other one does. */
    @Test
    void aParameterThatIsGivenTwiceIsRefusedInEveryEvent() {
        for (Map<String, Object> query : List.<Map<String, Object>>of(
                Map.of("rawQueryString", "label=a&l%61bel=a", "queryStringParameters", Map.of("label", "a,a")),
                Map.of(
                        "queryStringParameters",
                        Map.of("label", "a"),
                        "multiValueQueryStringParameters",
                        Map.of("label", List.of("a", "a"))))) {
            var event = event("GET", PATH);
            event.putAll(query);
            var answer = send("GET " + PATH, event);
            assertEquals(400, answer.status());
            assertEquals(
                    "label is given more than once.",
                    answer.json().path("detail").asText());
        }
        var once = event("GET", PATH);
        once.put("rawQueryString", "label=a%2Ca");
        once.put("queryStringParameters", Map.of("label", "a,a"));
        assertEquals(200, send("GET " + PATH, once).status());
    }

    /** A search or an id must not mean something that nobody asked for, whichever side decoded it. */
    @ParameterizedTest
    @ValueSource(strings = {"%FF", "a%C3%28", "%C0%AF", "%ED%A0%80", "%EF%BF%BD", "%00"})
    void aUrlThatIsNotUtf8IsRefused(String raw) {
        var decoded = URLDecoder.decode(raw, StandardCharsets.UTF_8);
        for (Map<String, Object> query : List.<Map<String, Object>>of(
                Map.of("rawQueryString", "label=" + raw, "queryStringParameters", Map.of("label", "a")),
                Map.of("queryStringParameters", Map.of("label", decoded)),
                Map.of("multiValueQueryStringParameters", Map.of("label", List.of(decoded))),
                Map.of(
                        "queryStringParameters",
                        Map.of("label", raw),
                        "requestContext",
                        Map.of("elb", Map.of("targetGroupArn", "arn"))))) {
            var event = event("GET", PATH);
            event.putAll(query);
            assertGarbled("label must not be blank, nor have ", send("GET " + PATH, event));
        }
        assertGarbled("The id in the path must not have ", send("GET", PATH + "/" + raw, "GET"));
        var named = event("GET", PATH + "/" + decoded);
        named.put("pathParameters", Map.of("id", decoded));
        assertGarbled("The id in the path must not have ", send("GET " + PATH + "/{id}", named));
    }

    @Test
    void aGreedyRouteNamesNoIdAndThePathDoes() throws Exception {
        var unknown = "0199f3f0-0000-7000-8000-000000000000";
        var event = event("GET", PATH + "/" + unknown);
        event.put("headers", Map.of("Authorization", String.valueOf(WORLD.ada().bearer())));
        event.put("pathParameters", Map.of("proxy", "api/conversations/" + unknown));
        var answer = send("GET " + PATH + "/{id}", event);
        assertEquals(404, answer.status(), answer::body);
        assertEquals(
                "There is no such conversation.", answer.json().path("detail").asText());
    }

    private static void assertGarbled(String detail, Answer answer) {
        assertEquals(400, answer.status(), answer::body);
        assertEquals(
                detail + "U+0000, half of a surrogate pair, or bytes that are not UTF-8 (U+FFFD).",
                answer.json().path("detail").asText());
    }

    @Test
    void aKeyOnTwoLinesIsRefused() throws Exception {
        for (String[] keys : new String[][] {{"k", "k"}, {"k", "l"}}) {
            var events = List.of(event("POST", PATH), event("POST", PATH));
            var joined = Map.of(
                    "authorization", String.valueOf(WORLD.ada().bearer()), "idempotency-key", String.join(",", keys));
            events.getFirst().put("headers", joined);
            events.getLast().put("multiValueHeaders", Map.of("idempotency-key", List.of(keys)));
            for (var event : events) {
                var answer = send("POST " + PATH, event);
                assertEquals(400, answer.status(), answer::body);
                assertEquals(
                        "Idempotency-Key must be given once, with 1 to 255 visible ASCII characters and no comma.",
                        answer.json().path("detail").asText());
            }
        }
    }

    /** As where there is none. */
    @Test
    void aTypeThatIsEmptySaysNothing() throws Exception {
        var event = event("POST", PATH);
        event.put("headers", Map.of("authorization", String.valueOf(WORLD.ada().bearer()), "content-type", " "));
        event.put("body", "{}");
        assertEquals(201, send("POST " + PATH, event).status());
    }

    /** RFC 9110, 15.5.16 and 12.5.3. */
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "identity, gzip", "br", "utf-8"})
    void aBodyThatIsEncodedIsRefusedWithWhatWouldNotBe(String coding) throws Exception {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write("{}".getBytes(StandardCharsets.UTF_8));
        }
        for (String path : List.of(PATH, "/api/chat")) {
            var event = event("POST", path);
            event.put(
                    "headers",
                    Map.of(
                            "authorization",
                            String.valueOf(WORLD.ada().bearer()),
                            "content-type",
                            "application/json",
                            "Content-Encoding",
                            coding));
            event.put("body", Base64.getEncoder().encodeToString(packed.toByteArray()));
            event.put("isBase64Encoded", true);
            var answer = send("POST " + path, event);
            assertEquals(415, answer.status(), answer::body);
            assertEquals("identity", answer.header("accept-encoding").orElse(""));
            assertEquals(path, answer.json().path("instance").asText());
            event.put("body", "{}");
            event.put("isBase64Encoded", false);
            assertEquals(415, send("POST " + path, event).status());
        }
    }

    @Test
    void aBodyAsItIsAndNoBodyMayHaveAContentEncoding() {
        for (String coding : List.of("Identity", "", " ")) {
            assertEquals(
                    201,
                    call(Call.post(PATH, "{}").header("Content-Encoding", coding))
                            .status());
        }
        assertEquals(
                200, call(Call.get(PATH).header("Content-Encoding", "gzip")).status());
    }

    @Test
    void aBodyThatIsNotUtf8IsRefusedWithItsPlace() {
        var event = event("POST", PATH);
        event.put(
                "body", Base64.getEncoder().encodeToString("{\"title\":\"aÿ\"}".getBytes(StandardCharsets.ISO_8859_1)));
        event.put("isBase64Encoded", true);
        var answer = send("POST " + PATH, event);
        assertEquals(400, answer.status());
        assertEquals(
                "The body is not in UTF-8: see its byte 11, counted from 0.",
                answer.json().path("detail").asText());
    }

    @Test
    void theSameJsonWithTheSameKeyIsTheSameRequest() {
        var key = "key";
        var first = call(Call.post(PATH, "{\"title\":\"a\",\"metadata\":{\"x\":1.50,\"y\":[1,2]}}")
                .header("Idempotency-Key", key));
        assertEquals(201, first.status());
        for (String same : List.of(
                "{\"metadata\":{\"y\":[1, 2.0],\"x\":15e-1},\"title\":\"\\u0061\"}",
                " {\"title\":\"a\",\"metadata\":{\"x\":1.5,\"y\":[1,2]}}")) {
            var again = call(Call.post(PATH, same).header("Idempotency-Key", key));
            assertEquals("true", again.header("idempotency-replayed").orElse(""), again::body);
        }
        assertEquals(
                422,
                call(Call.post(PATH, "{\"title\":\"a\",\"metadata\":{\"x\":1.5,\"y\":[2,1]}}")
                                .header("Idempotency-Key", key))
                        .status());
    }

    private static Answer call(Call call) {
        return WORLD.call(call.as(WORLD.ada()));
    }

    private static Answer lines(String method, String path, String header, String... values) throws Exception {
        var event = event(method, path);
        var headers = new LinkedHashMap<String, Object>();
        headers.put("Authorization", List.of(String.valueOf(WORLD.ada().bearer())));
        headers.put("Content-Type", List.of("application/json"));
        headers.put(header, new ArrayList<>(List.of(values)));
        event.put("multiValueHeaders", headers);
        event.put("body", method.equals("PATCH") ? "{}" : null);
        event.put("pathParameters", Map.of("id", path.substring(path.lastIndexOf('/') + 1)));
        return send(method + " " + PATH + "/{id}", event);
    }

    /** A call of another method than the route's. */
    private static Answer send(String routeMethod, String path, String method) {
        var route = path.equals(PATH) ? PATH : path.endsWith("/stream") ? "/api/chat/{id}/stream" : PATH + "/{id}";
        return send(routeMethod + " " + route, event(method, path.replace("?", "")));
    }

    private static Map<String, Object> event(String method, String path) {
        var event = new LinkedHashMap<String, Object>();
        event.put("httpMethod", method);
        event.put("path", path);
        event.put("headers", Map.of("authorization", String.valueOf(WORLD.ada().bearer())));
        return event;
    }

    private static Answer send(String route, Map<String, Object> event) {
        var answer = WORLD.api()
                .send(route, new JsonMapper().valueToTree(event).toString().getBytes(StandardCharsets.UTF_8));
        assertTrue(answer.status() < 500, answer::body);
        return answer;
    }
}
