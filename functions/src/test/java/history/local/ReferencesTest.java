package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import history.fixture.World;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every reference in every answer leads back to us, whatever stands before the functions and whatever ids a client makes. */
final class ReferencesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final World WORLD = World.create();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static final List<String> IDS = List.of(
            "16characterChatI",
            "a b",
            "a%20b",
            "a%b",
            "100%",
            "a/b",
            "ключ🚀",
            "a?b#c",
            "a\"b<c>;rel=next",
            "a+b=c&d",
            "\\",
            "a\r\nset-cookie: b",
            "~!$'()*,:@",
            "/api/conversations/");

    @AfterAll
    static void close() {
        WORLD.close();
        CLIENT.close();
    }

    @ParameterizedTest
    @EnumSource
    void leadBackToUs(Front front) throws Exception {
        try (var gateway = Gateway.bind(0)) {
            gateway.start(Template.read(Path.of("../template.yaml")), ReferencesTest::handler, Map.of(), front);
            var api = URI.create("http://127.0.0.1:" + gateway.port() + front.prefix() + "/api/conversations");
            followsLists(api);
            for (var garbled : List.of("/a%FF", "/%C3%28", "?label=%FF", "?label=%C3%28")) {
                var answer = send(URI.create(api + garbled), "GET", "");
                assertEquals(400, answer.statusCode(), answer::body);
            }
            for (var id : IDS) {
                followsChats(front, api, id);
            }
        }
    }

    private static void followsLists(URI api) throws Exception {
        for (var i = 0; i < 3; i++) {
            var created = send(api, "POST", "{}");
            assertEquals(201, created.statusCode(), created::body);
            var one = send(reference(api, header(created, "location").orElseThrow()), "GET", "");
            assertEquals(json(created).path("id"), json(one).path("id"));
        }
        var all = json(send(URI.create(api + "?limit=100"), "GET", "")).size();
        var seen = 0;
        for (Optional<URI> page = Optional.of(URI.create(api + "?limit=1")); page.isPresent(); ) {
            var answer = send(page.get(), "GET", "");
            assertEquals(200, answer.statusCode(), answer::body);
            seen += json(answer).size();
            page = next(page.get(), answer);
        }
        assertEquals(all, seen);
        var wrong = URI.create(api + "?limit=x");
        assertEquals(
                wrong.getRawPath().replaceAll("^/+", "/"),
                json(send(wrong, "GET", "")).path("instance").asText());
    }

    private static void followsChats(Front front, URI api, String id) throws Exception {
        for (var message : List.of("m1", "m2")) {
            var said = send(
                    URI.create(api.toString().replaceAll("conversations$", "chat")),
                    "POST",
                    "{\"id\":%s,\"messages\":[{\"id\":\"%s\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"Hi\"}]}]}"
                            .formatted(JSON.writeValueAsString(id), message));
            assertEquals(200, said.statusCode(), said::body);
        }
        var encoded = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
        Optional<URI> page = Optional.of(URI.create(api + "/" + encoded + "?format=ui-messages&limit=1"));
        var seen = 0;
        while (page.isPresent()) {
            var answer = send(page.get(), "GET", "");
            assertEquals(200, answer.statusCode(), () -> front + " " + id + " " + answer.body());
            seen += json(answer).path("messages").size();
            page = next(page.get(), answer);
        }
        assertEquals(4, seen);
        var wrong = send(URI.create(api + "/" + encoded + "?before=x"), "GET", "");
        var instance = reference(api, json(wrong).path("instance").asText());
        assertEquals(
                json(wrong).path("detail"),
                json(send(URI.create(instance + "?before=x"), "GET", "")).path("detail"));
        var path = instance.getPath();
        assertTrue(path.endsWith("/api/conversations/" + id), path);
    }

    private static Optional<URI> next(URI called, HttpResponse<String> answer) {
        return header(answer, "link").map(link -> {
            assertTrue(link.matches("<[\\x21-\\x7e&&[^<>\"]]+>; rel=\"(next|prev)\""), link);
            return reference(called, link.substring(1, link.indexOf('>')));
        });
    }

    private static URI reference(URI called, String reference) {
        assertFalse(reference.startsWith("//"), reference);
        var resolved = called.resolve(reference);
        assertEquals(called.getAuthority(), resolved.getAuthority());
        return resolved;
    }

    private static HttpResponse<String> send(URI uri, String method, String body) throws Exception {
        var request = HttpRequest.newBuilder(uri)
                .header("Authorization", String.valueOf(WORLD.ada().bearer()))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Optional<String> header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name);
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body());
    }

    private static RequestStreamHandler handler(String name) {
        try {
            var constructor = Class.forName(name).getDeclaredConstructor(Map.class);
            constructor.setAccessible(true);
            return (RequestStreamHandler) constructor.newInstance(WORLD.environment());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }
}
