package history.local;

import static history.local.Client.header;
import static history.local.Client.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds {@code docs/openapi.yaml} against the template, and every answer of the functions against {@code docs/openapi.yaml}. */
final class ContractTest {
    private static final Path TEMPLATE = Path.of("../template.yaml");

    @TempDir
    private static Path folder;

    private static LocalRun run;
    private static Contract contract;
    private static Client ada;
    private static Client bob;

    @BeforeAll
    static void start() throws Exception {
        contract = Contract.read(Path.of("../docs/openapi.yaml"));
        run = LocalRun.start(TEMPLATE, Map.of("PORT", "0", "LOCAL_DATA_DIR", folder.toString()));
        var anybody = new Client(HttpClient.newHttpClient(), run.url(), "");
        ada = anybody.login(Client.ADA);
        bob = anybody.login(Client.BOB);
    }

    @AfterAll
    static void stop() {
        run.close();
        ada.http().close();
    }

    @Test
    void describesEveryRoute() throws Exception {
        var routes = Template.read(TEMPLATE).routes().stream().map(Route::key).collect(Collectors.toSet());

        assertEquals(routes, contract.operations());
    }

    @Test
    void describesWhatConversationsAnswer() throws Exception {
        var created = json(
                check(201, ada, ada.post("/api/conversations", "{\"title\":\"Plans\",\"metadata\":{\"a\":1}}")), 201);
        var path = "/api/conversations/" + created.path("id").asText();
        check(200, ada, ada.get("/api/conversations?limit=1"));
        check(200, ada, ada.request("PATCH", path, "{\"title\":\"Other plans\",\"metadata\":null}"));
        check(200, ada, say(ada, "Hello", path));
        var seen = check(200, ada, ada.get(path));
        check(200, ada, ada.get(path + "?format=ui-messages"));
        check(200, ada, ada.get(path + "?include=failed,replaced&after=0"));
        var message = path + "/messages/"
                + json(seen, 200).path("messages").path(0).path("id").asText();
        check(200, ada, ada.get(message));
        check(200, ada, ada.request("PATCH", path, "{\"archived\":true,\"labels\":[\"x\"]}"));
        check(200, ada, ada.get("/api/conversations?archived=true&label=x"));
        check(204, ada, ada.request("DELETE", message, ""));
        check(404, ada, ada.get(message));
        seen = check(200, ada, ada.get(path));
        check(304, ada, ada.get(path).header("If-None-Match", header(seen, "etag")));
        check(412, ada, ada.request("PATCH", path, "{\"title\":\"x\"}").header("If-Match", "\"1\""));
        check(204, ada, ada.request("DELETE", path, "").header("If-Match", header(seen, "etag")));
        check(404, ada, ada.get(path));
    }

    @Test
    void describesWhatChatAnswers() throws Exception {
        check(200, ada, ada.post("/api/chat", "{\"message\":\"Hello\"}"));
        var events =
                check(200, ada, ada.post("/api/chat", "{\"message\":\"Hello\"}").header("Accept", "text/event-stream"));
        assertTrue(events.body().contains("\"status\":\"completed\""), events.body());
        var ui =
                "{\"id\":\"chat\",\"messages\":[{\"id\":\"m1\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"Hi\"}]}]}";
        var streamed = check(200, ada, ada.post("/api/chat", ui));
        assertEquals("v1", header(streamed, "x-vercel-ai-ui-message-stream"));
        check(200, ada, ada.get("/api/conversations/chat?format=ui-messages"));
        for (var body : List.of(
                "{'id':'chat','trigger':'regenerate-message'}",
                "{'id':'chat','trigger':'regenerate-message','messages':[]}",
                "{'id':'chat','trigger':'regenerate-message','messageId':'m1'}",
                "{'id':'chat','message':{'id':'m2','role':'user','parts':[{'type':'text','text':'Hi'}]}}",
                "{'id':'chat','messages':[{'id':'m3','role':'user','content':'Hi','parts':[{'type':'text','text':'Hi'}]}]}")) {
            assertTrue(isDescribed(body), body);
            check(200, ada, ada.post("/api/chat", body.replace('\'', '"')));
        }
        for (var body : List.of(
                "{'id':'chat'}",
                "{'id':'chat','messages':[]}",
                "{'id':'chat','trigger':'submit-message'}",
                "{'trigger':'regenerate-message'}",
                "{'id':'chat','message':{'id':'m4','parts':[{'type':'text','text':'Hi'}]}}",
                "{'message':'Hi','messages':[{'role':'user','content':'Hi'}]}",
                "{'id':'chat','message':{'parts':[]},'messages':[{'role':'user','parts':[]}]}")) {
            assertFalse(isDescribed(body), body);
            check(422, ada, ada.post("/api/chat", body.replace('\'', '"')));
        }
        check(204, ada, ada.get("/api/chat/chat/stream"));
        check(204, ada, ada.post("/api/chat/chat/stop", ""));
    }

    @Test
    void describesWhatIsRefused() throws Exception {
        var nobody = new Client(ada.http(), ada.url(), "");
        check(401, nobody, nobody.get("/api/conversations"));
        check(400, ada, ada.get("/api/conversations?cursor=nonsense"));
        check(404, ada, ada.get("/api/conversations/nonsense"));
        check(400, ada, ada.get("/api/conversations?sort=title"));
        check(400, ada, ada.post("/api/conversations", "{"));
        check(403, ada, ada.get("/api/conversations?scope=tenant"));
        check(415, ada, ada.post("/api/chat", "Hello").setHeader("Content-Type", "text/plain"));
        check(422, ada, ada.post("/api/chat", "{\"message\":\" \"}"));
        var wrong = json(check(422, ada, ada.post("/api/conversations", "{\"title\":1,\"id\":\"x\"}")), 422);
        assertEquals(2, wrong.path("errors").size());
    }

    @Test
    void bobCannotSeeOrTouchWhatAdaHas() throws Exception {
        var created = json(ada.send(ada.post("/api/conversations", "{}")), 201);
        var path = "/api/conversations/" + created.path("id").asText();

        check(404, bob, bob.get(path));
        check(404, bob, bob.request("PATCH", path, "{\"title\":\"mine\"}"));
        check(404, bob, bob.request("DELETE", path, ""));
        check(404, bob, say(bob, "Hello", path));
        assertEquals(
                "[]",
                check(200, bob, bob.get("/api/conversations?scope=tenant")).body());
        check(200, ada, ada.get(path));
    }

    private static boolean isDescribed(String chat) {
        return contract.errorsOfRequest("POST", "/api/chat", chat.replace('\'', '"'))
                .equals("[]");
    }

    private static HttpRequest.Builder say(Client who, String message, String path) {
        return who.post(
                "/api/chat",
                "{\"message\":\"%s\",\"conversation_id\":\"%s\"}".formatted(message, path.replaceFirst(".*/", "")));
    }

    private static HttpResponse<String> check(int status, Client who, HttpRequest.Builder request) throws Exception {
        var answer = who.send(request);
        assertEquals(status, answer.statusCode(), answer.body());
        contract.check(answer);
        return answer;
    }
}
